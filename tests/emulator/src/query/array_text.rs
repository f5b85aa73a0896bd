//! Arrays written as text, `'{a,"b c",NULL}'`: to the engine such a text would be one element.

/// The elements of an array's text, None for NULL; None for the whole: it is no array of one dimension.
pub fn elements(text: &str) -> Option<Vec<Option<String>>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut out = Vec::new();
    if inner.trim().is_empty() {
        return Some(out);
    }
    let mut letters = inner.chars().peekable();
    loop {
        let (mut element, mut quoted) = (String::new(), false);
        while letters.next_if(|c| c.is_whitespace()).is_some() {}
        if letters.next_if_eq(&'"').is_some() {
            quoted = true;
            loop {
                match letters.next()? {
                    '"' => break,
                    '\\' => element.push(letters.next()?),
                    letter => element.push(letter),
                }
            }
            while letters.next_if(|c| c.is_whitespace()).is_some() {}
        } else {
            while let Some(letter) = letters.next_if(|c| *c != ',') {
                match letter {
                    '{' | '}' | '"' => return None,
                    '\\' => element.push(letters.next()?),
                    letter => element.push(letter),
                }
            }
            element.truncate(element.trim_end().len());
            if element.is_empty() {
                return None;
            }
        }
        let null = !quoted && element.eq_ignore_ascii_case("null");
        out.push((!null).then_some(element));
        match letters.next() {
            None => return Some(out),
            Some(',') => {}
            Some(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::elements;

    #[test]
    fn elements_are_read_as_they_are_printed() {
        let some = |list: &[&str]| Some(list.iter().map(|item| Some((*item).to_owned())).collect::<Vec<_>>());
        assert_eq!(elements("{}"), Some(vec![]));
        assert_eq!(elements(" {a, b c ,\"d,\\\"e\"} "), some(&["a", "b c", "d,\"e"]));
        assert_eq!(elements("{NULL,\"NULL\"}"), Some(vec![None, Some("NULL".into())]));
        assert_eq!(elements("a"), None);
        assert_eq!(elements("{a,}"), None);
        assert_eq!(elements("{{a}}"), None);
    }
}
