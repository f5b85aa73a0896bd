//! The little of Terraform's language that the tests must understand: where blocks begin and end, and which
//! attributes a block sets. It expects the canonical layout: one attribute or block header a line.

use std::collections::BTreeMap;

/// Net number of brackets opened by a line, outside strings and comments.
fn depth(line: &str) -> i32 {
    let (mut depth, mut in_string, mut chars) = (0, false, line.chars().peekable());
    while let Some(c) = chars.next() {
        match (in_string, c) {
            (true, '\\') => {
                chars.next();
            }
            (_, '"') => in_string = !in_string,
            (false, '#') => break,
            (false, '/') if chars.peek() == Some(&'/') => break,
            (false, '{' | '[' | '(') => depth += 1,
            (false, '}' | ']' | ')') => depth -= 1,
            _ => {}
        }
    }
    depth
}

/// The word that ends a here-document which this line begins.
fn heredoc(line: &str) -> Option<&str> {
    let (_, end) = line.split_once("= <<")?;
    Some(end.trim_start_matches(['-', '~']).trim())
}

/// The index after the last line of what begins at line `start`: a block, an attribute of several lines, a here-document.
fn extent(lines: &[&str], start: usize) -> usize {
    if let Some(word) = heredoc(lines[start]) {
        let end = (start + 1..lines.len()).find(|&i| lines[i].trim() == word);
        return end.map_or(lines.len(), |end| end + 1);
    }
    let mut open = depth(lines[start]);
    let mut next = start + 1;
    while open > 0 && next < lines.len() {
        open += depth(lines[next]);
        next = if let Some(word) = heredoc(lines[next]) {
            (next + 1..lines.len()).find(|&i| lines[i].trim() == word).map_or(lines.len(), |end| end + 1)
        } else {
            next + 1
        };
    }
    next
}

/// A block at the top level: its header's words, and its lines from `start` up to and without `end`.
#[derive(Clone, Debug)]
pub struct Block {
    pub words: Vec<String>,
    pub start: usize,
    pub end: usize,
}

impl Block {
    /// `type.name` of a resource, `data.type.name` of a data source; the words joined for anything else.
    pub fn address(&self) -> String {
        match self.words.first().map(String::as_str) {
            Some("resource") => self.words[1..].join("."),
            _ => self.words.join("."),
        }
    }
}

/// The blocks at the top level, in order.
pub fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        let end = extent(&lines, at);
        if let Some((header, _)) = lines[at].split_once('{') {
            let words = header.split_whitespace().map(|word| word.trim_matches('"').to_owned()).collect();
            found.push(Block { words, start: at, end });
        }
        at = end;
    }
    found
}

/// The block with this address.
pub fn block(text: &str, address: &str) -> Option<Block> {
    blocks(text).into_iter().find(|block| block.address() == address)
}

/// What a block sets: path to text. The path of an attribute in a block inside is `block.N.attribute`, with N
/// counting the blocks of that name; a block itself has its path with an empty text.
pub fn settings(text: &str, block: &Block) -> BTreeMap<String, String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = BTreeMap::new();
    if block.end == block.start + 1 {
        let line = lines[block.start];
        inline(line, "", &mut found);
    } else {
        collect(&lines, block.start + 1, block.end - 1, "", &mut found);
    }
    found
}

/// `word { a = 1 }` on one line.
fn inline(line: &str, prefix: &str, found: &mut BTreeMap<String, String>) {
    let inner = line.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}')).map_or("", |(inner, _)| inner).trim();
    if let Some((name, value)) = inner.split_once('=') {
        found.insert(format!("{prefix}{}", name.trim()), value.trim().to_owned());
    } else if let Some((name, _)) = inner.split_once('{') {
        let path = format!("{prefix}{}.0", name.trim());
        found.insert(path.clone(), String::new());
        inline(inner, &format!("{path}."), found);
    }
}

fn collect(lines: &[&str], mut at: usize, end: usize, prefix: &str, found: &mut BTreeMap<String, String>) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    while at < end {
        let next = extent(lines, at);
        let line = lines[at].trim();
        let equals = line.find('=');
        let brace = line.find('{');
        match (equals, brace) {
            (Some(equals), brace) if brace.is_none_or(|brace| equals < brace) => {
                let name = line[..equals].trim();
                let mut value = line[equals + 1..].trim().to_owned();
                for more in &lines[at + 1..next] {
                    value = value + "\n" + more.trim();
                }
                found.insert(format!("{prefix}{name}"), value);
            }
            (_, Some(brace)) => {
                let name = line[..brace].trim().to_owned();
                let count = seen.entry(name.clone()).or_default();
                let path = format!("{prefix}{name}.{count}");
                *count += 1;
                found.insert(path.clone(), String::new());
                if next == at + 1 {
                    inline(line, &format!("{path}."), found);
                } else {
                    collect(lines, at + 1, next - 1, &format!("{path}."), found);
                }
            }
            _ => {}
        }
        at = next;
    }
}

/// The attributes and blocks of a block, one after the other: the name, and the lines as they are.
pub fn parts(text: &str, block: &Block) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut found, mut at) = (Vec::new(), block.start + 1);
    while at + 1 < block.end {
        let next = extent(&lines, at);
        if let Some(name) = lines[at].split_whitespace().next().filter(|word| !word.starts_with('#')) {
            found.push((name.to_owned(), lines[at..next].join("\n")));
        }
        at = next;
    }
    found
}

/// `text` with `addition` put in front of the closing bracket of the block.
pub fn insert(text: &str, address: &str, addition: &str) -> Result<String, String> {
    let block = block(text, address).ok_or_else(|| format!("no block {address}"))?;
    let mut lines: Vec<&str> = text.lines().collect();
    lines.splice(block.end - 1..block.end - 1, addition.lines());
    Ok(lines.join("\n"))
}

/// `text` without the one attribute or block of `address` that begins with `start`. One that is not inside of a further
/// block goes first.
pub fn remove(text: &str, address: &str, start: &str) -> Result<String, String> {
    let block = block(text, address).ok_or_else(|| format!("no block {address}"))?;
    let lines: Vec<&str> = text.lines().collect();
    let (mut outer, mut all, mut next) = (Vec::new(), Vec::new(), block.start + 1);
    for at in block.start + 1..block.end - 1 {
        let outermost = at == next;
        if outermost {
            next = extent(&lines, at);
        }
        if squeeze(lines[at]).starts_with(start) {
            all.push(at);
            if outermost {
                outer.push(at);
            }
        }
    }
    match (&outer[..], &all[..]) {
        ([at], _) | ([], [at]) => Ok([&lines[..*at], &lines[extent(&lines, *at)..]].concat().join("\n")),
        _ => Err(format!("{} lines of {address} begin with `{start}`", all.len())),
    }
}

/// `text` with `old`, which must occur exactly once in `address`, replaced by `new`.
pub fn replace(text: &str, address: &str, old: &str, new: &str) -> Result<String, String> {
    let block = block(text, address).ok_or_else(|| format!("no block {address}"))?;
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let body: Vec<String> = lines[block.start..block.end].iter().map(|line| indent(line) + &squeeze(line)).collect();
    let body = body.join("\n");
    match body.matches(old).count() {
        1 => Ok([&lines[..block.start], &[body.replace(old, new)][..], &lines[block.end..]].concat().join("\n")),
        count => Err(format!("`{old}` occurs {count} times in {address}")),
    }
}

/// `text` without the block.
pub fn drop(text: &str, address: &str) -> Result<String, String> {
    let block = block(text, address).ok_or_else(|| format!("no block {address}"))?;
    let lines: Vec<&str> = text.lines().collect();
    Ok([&lines[..block.start], &lines[block.end..]].concat().join("\n"))
}

fn indent(line: &str) -> String {
    line.chars().take_while(|c| *c == ' ').collect()
}

/// A line with the alignment in front of its first `=` taken out, so that a case need not repeat it.
fn squeeze(line: &str) -> String {
    match line.split_once('=') {
        Some((name, value)) if !name.contains('"') => format!("{} ={value}", name.trim()),
        _ => line.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "resource \"a\" \"b\" {\n  name  = \"x { y\"\n  list = [\n    1,\n  ]\n  inner {\n    deep { value = 1 }\n  }\n  inner {\n    other = 2 # {\n  }\n  sql = <<EOT\n}\nEOT\n}\nresource \"a\" \"c\" {}\n";

    #[test]
    fn finds_blocks_and_what_they_set() {
        let found = blocks(TEXT);
        assert_eq!(found.iter().map(Block::address).collect::<Vec<_>>(), ["a.b", "a.c"]);
        let set = settings(TEXT, &found[0]);
        let paths: Vec<&str> = set.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            ["inner.0", "inner.0.deep.0", "inner.0.deep.0.value", "inner.1", "inner.1.other", "list", "name", "sql"]
        );
        assert_eq!(set["inner.1.other"], "2 # {");
        assert_eq!(set["list"], "[\n1,\n]");
    }

    #[test]
    fn edits_one_block_only() {
        let text = insert(TEXT, "a.b", "  size = 3").unwrap();
        assert_eq!(settings(&text, &block(&text, "a.b").unwrap())["size"], "3");
        let text = replace(TEXT, "a.b", "name = \"x { y\"", "name = \"z\"").unwrap();
        assert_eq!(settings(&text, &block(&text, "a.b").unwrap())["name"], "\"z\"");
        assert!(replace(TEXT, "a.b", "inner", "x").is_err());
        let text = remove(TEXT, "a.b", "list = ").unwrap();
        assert!(!settings(&text, &block(&text, "a.b").unwrap()).contains_key("list"));
        assert!(remove(TEXT, "a.b", "inner {").is_err());
        assert_eq!(blocks(&drop(TEXT, "a.b").unwrap()).len(), 1);
    }
}
