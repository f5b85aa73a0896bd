//! Types and expressions compared by meaning.

pub fn same_type(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

pub fn same_expression(a: &str, b: &str) -> bool {
    a == b
}

pub fn same_query(a: &str, b: &str) -> bool {
    a == b
}
