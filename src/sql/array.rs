//! PostgreSQL's text form of arrays and lists: `{a,"b c",NULL}`.

/// The elements of an array's text form, without quotes; a null element is left out. Text that is no array has none.
pub fn array_items(text: &str) -> Vec<String> {
    let Some(inner) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else { return Vec::new() };
    let mut items = Vec::new();
    let mut chars = inner.chars().peekable();
    while chars.peek().is_some() {
        let (mut item, mut quoted, mut was_quoted) = (String::new(), false, false);
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    quoted = !quoted;
                    was_quoted = true;
                }
                '\\' => item.extend(chars.next()),
                ',' if !quoted => break,
                c => item.push(c),
            }
        }
        if was_quoted || item != "NULL" {
            items.push(item);
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::array_items;

    #[test]
    fn arrays_are_read() {
        for (text, items) in [
            ("{}", vec![]),
            ("{a}", vec!["a"]),
            ("{a,b}", vec!["a", "b"]),
            (r#"{"a,b","c\"d","e\\f",""}"#, vec!["a,b", "c\"d", "e\\f", ""]),
            (r#"{NULL,"NULL"}"#, vec!["NULL"]),
            ("not an array", vec![]),
        ] {
            assert_eq!(array_items(text), items, "{text}");
        }
    }
}
