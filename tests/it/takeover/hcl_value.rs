//! Values of configurations: literals, lists, maps, and references to what other resources are configured with.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::support::hcl;

/// What every resource is configured with, by address.
pub type Configured = BTreeMap<String, Value>;

/// What the resources of a configuration are configured with, references resolved by `known`, which sees the others.
///
/// An attribute of another resource that is not configured there (a default, something computed) is asked of `known`.
pub fn configured(text: &str, known: &dyn Fn(&str, &Value, &str) -> Value) -> Configured {
    let blocks = hcl::blocks(text);
    let mut found = Configured::new();
    while found.len() < blocks.len() {
        let before = found.len();
        for block in blocks.iter().filter(|block| block.words[0] == "resource") {
            let address = block.address();
            if found.contains_key(&address) {
                continue;
            }
            let lookup = |reference: &str| {
                let mut steps = reference.splitn(3, '.');
                let (kind, name, path) = (steps.next()?, steps.next()?, steps.next()?);
                let address = format!("{kind}.{name}");
                let attributes = found.get(&address)?;
                let value = &attributes[path];
                Some(if value.is_null() { known(kind, attributes, path) } else { value.clone() })
            };
            let settings = hcl::settings(text, block);
            if let Some(object) = object(&settings, &lookup) {
                found.insert(address, object);
            }
        }
        assert!(found.len() > before, "references that lead nowhere, besides {:?}", found.keys());
    }
    found
}

/// The object with these settings; none while a reference is not known yet.
fn object(settings: &BTreeMap<String, String>, lookup: &dyn Fn(&str) -> Option<Value>) -> Option<Value> {
    let mut root = json!({});
    let number = |path: &str| -> Vec<(usize, String)> {
        path.split('.').map(|step| (step.parse().unwrap_or(0), step.to_owned())).collect()
    };
    let mut settings: Vec<_> = settings.iter().collect();
    settings.sort_by_key(|(path, _)| number(path));
    for (path, text) in settings {
        if path == "depends_on" || path.starts_with("lifecycle") {
            continue;
        }
        let value = match text.as_str() {
            "" => json!({}),
            text => value(&mut Reader { rest: text }, lookup)?,
        };
        put(&mut root, path, value);
    }
    Some(root)
}

/// Puts a value at a path; numbers in it count the blocks of the name before.
fn put(at: &mut Value, path: &str, value: Value) {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let Some(rest) = rest else {
        match (step.parse::<usize>(), at) {
            (Ok(_), Value::Array(list)) => list.push(value),
            (_, at) => at[step] = value,
        }
        return;
    };
    match step.parse::<usize>() {
        Ok(index) => put(&mut at[index], rest, value),
        Err(_) => {
            let is_block = rest.split('.').next().is_some_and(|next| next.parse::<usize>().is_ok());
            if at[step].is_null() {
                at[step] = if is_block { json!([]) } else { json!({}) };
            }
            put(&mut at[step], rest, value);
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn skip(&mut self, what: &[char]) {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || what.contains(&c));
    }

    fn take(&mut self, part: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !part(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn text(&mut self) -> String {
        let mut end = 1;
        while !self.rest[end..].starts_with('"') {
            end += if self.rest[end..].starts_with('\\') {
                2
            } else {
                self.rest[end..].chars().next().map_or(1, char::len_utf8)
            };
        }
        let (taken, rest) = self.rest.split_at(end + 1);
        self.rest = rest;
        serde_json::from_str::<String>(taken).expect("a text").replace("$${", "${").replace("%%{", "%{")
    }
}

fn value(reader: &mut Reader, lookup: &dyn Fn(&str) -> Option<Value>) -> Option<Value> {
    reader.skip(&[]);
    Some(match reader.rest.chars().next().expect("a value") {
        '"' => reader.text().into(),
        '[' => {
            reader.rest = &reader.rest[1..];
            let mut list = Vec::new();
            loop {
                reader.skip(&[',']);
                if let Some(rest) = reader.rest.strip_prefix(']') {
                    reader.rest = rest;
                    break list.into();
                }
                list.push(value(reader, lookup)?);
            }
        }
        '{' => {
            reader.rest = &reader.rest[1..];
            let mut map = Map::new();
            loop {
                reader.skip(&[',']);
                if let Some(rest) = reader.rest.strip_prefix('}') {
                    reader.rest = rest;
                    break map.into();
                }
                let key = match reader.rest.starts_with('"') {
                    true => reader.text(),
                    false => reader.take(|c| c.is_alphanumeric() || "_-".contains(c)).to_owned(),
                };
                reader.skip(&['=']);
                map.insert(key, value(reader, lookup)?);
            }
        }
        '<' => {
            let (first, rest) = reader.rest.split_once('\n').expect("lines");
            let end = first.trim_start_matches(['<', '-', '~']).trim();
            let (text, _) = rest.rsplit_once(end).expect("the end of the text");
            reader.rest = "";
            text.into()
        }
        _ => match reader.take(|c| c.is_alphanumeric() || "_.-".contains(c)) {
            "true" => true.into(),
            "false" => false.into(),
            "null" => Value::Null,
            word if word.starts_with("materialize_") => lookup(word)?,
            number => serde_json::from_str(number).unwrap_or_else(|_| panic!("not a value: {number}{}", reader.rest)),
        },
    })
}
