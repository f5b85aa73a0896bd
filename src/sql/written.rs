//! A query as the server prints it against the one that a user wrote: after an import only the server's text is known,
//! and it has every name in full and in quotes.

use super::Name;
use super::lex::{Shape, Token, tokens};

/// Whether `written` is the query that the server prints as `printed` (without ids): the same but for quotes, for
/// databases and schemas that are left out, and for `AS` before an alias. Names are left out at their front only, so
/// that `raw.t` is `"d"."raw"."t"` but `t` in another schema is not told apart: the session's search path decides.
pub fn same_printed_query(printed: &str, written: &str) -> bool {
    let (printed, written) = (parts(printed), parts(written));
    printed.len() == written.len() && printed.iter().zip(&written).all(|(p, w)| p.prints(w))
}

/// The objects by which two queries differ, old name and new, if they differ by nothing else: names of three parts, as
/// interpolations make them. The prior one may be as the server prints it. `None`: they differ otherwise.
pub fn renamed_in_query(prior: &str, written: &str) -> Option<Vec<(Name, Name)>> {
    let (prior, written) = (parts(prior), parts(written));
    if prior.len() != written.len() {
        return None;
    }
    let mut renamed = Vec::new();
    for (a, b) in prior.iter().zip(&written).filter(|(a, b)| !a.prints(b)) {
        match (a, b) {
            (Part::Name(a), Part::Name(b)) if a.len() == 3 && b.len() == 3 => {
                renamed.push((Name::new(a), Name::new(b)))
            }
            _ => return None,
        }
    }
    Some(renamed)
}

/// A name, or any other token.
#[derive(Debug, PartialEq)]
enum Part {
    Name(Vec<String>),
    Other(String),
}

impl Part {
    fn prints(&self, written: &Part) -> bool {
        match (self, written) {
            (Part::Name(full), Part::Name(short)) if full == short => true,
            // Only what the server itself qualified: an object in full, or something of the system's.
            (Part::Name(full), Part::Name(short)) => {
                let system = full[0].starts_with("mz_") || full[0] == "pg_catalog";
                (full.len() >= 3 || (full.len() == 2 && system)) && full.ends_with(short)
            }
            (a, b) => a == b,
        }
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut joins = false;
    for token in tokens(text) {
        let ident = matches!(token.shape, Shape::Word | Shape::Quoted);
        match parts.last_mut() {
            Some(Part::Name(name)) if joins && ident => {
                name.push(token.content());
                joins = false;
            }
            Some(Part::Name(_)) if token.is_symbol(".") => joins = true,
            _ => parts.push(if ident { Part::Name(vec![token.content()]) } else { other(&token) }),
        }
    }
    parts.retain(|part| *part != Part::Name(vec!["as".into()]));
    while parts.last() == Some(&Part::Other(";".into())) {
        parts.pop();
    }
    parts
}

fn other(token: &Token) -> Part {
    Part::Other(if token.is_symbol("!=") { "<>".into() } else { token.text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_found_in_the_servers_text() {
        let printed = r#"SELECT "id", "pg_catalog"."count"(*) AS "n" FROM "d"."raw"."t" WHERE "id" <> 1 GROUP BY "id""#;
        for written in [
            "select id, count(*) n from t where id <> 1 group by id;",
            "SELECT id, count(*) AS n FROM raw.t WHERE id != 1 GROUP BY id",
            "SELECT \"id\", COUNT(*) AS n -- how many\nFROM d.raw.t WHERE id <> 1 GROUP BY id",
        ] {
            assert!(same_printed_query(printed, written), "{written}");
        }
        for written in [
            "SELECT id, count(*) AS n FROM other.t WHERE id <> 1 GROUP BY id",
            "SELECT id, count(*) AS n FROM raw.t WHERE id <> 2 GROUP BY id",
            "SELECT id, sum(*) AS n FROM raw.t WHERE id <> 1 GROUP BY id",
            "SELECT id FROM raw.t",
        ] {
            assert!(!same_printed_query(printed, written), "{written}");
        }
        let query = |name: &str| format!("SELECT id FROM \"d\".\"s\".\"{name}\" WHERE id > 1");
        let pair = (Name::new(["d", "s", "a"]), Name::new(["d", "s", "b"]));
        assert_eq!(renamed_in_query(&query("a"), &query("b")), Some(vec![pair]));
        assert_eq!(renamed_in_query(&query("a"), &query("b").replace('1', "2")), None);
        // What a user qualified is not loosened again.
        assert!(!same_printed_query("SELECT * FROM raw.t", "SELECT * FROM t"));
    }
}
