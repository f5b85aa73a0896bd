//! What the user reads when the server says no.

use crate::catalog::{CatalogError, ErrorKind};
use crate::declare::{Attr, Resource, Scope, scope};
use crate::diag::Diagnostic;
use crate::path::AttrPath;
use crate::sql::{Statement, quote_ident};
use crate::value::Value;

/// The object in words, for messages: `secret "materialize"."public"."s"`, `role parameter "ada", "cluster"`.
pub fn describe(resource: &Resource, value: &Value) -> String {
    if resource.scope != Scope::Bare {
        let name = scope::known_name(resource.scope, value).filter(|name| !name.last().is_empty());
        // The schema of an index is that of its object, and not known before.
        let name = name.map(|name| name.to_string()).or_else(|| value.get("name").as_text().map(quote_ident));
        return name.map_or_else(|| resource.kind.noun(), |name| format!("{} {name}", resource.kind.noun()));
    }
    let words = resource.name.trim_start_matches("materialize_").replace('_', " ");
    let by_name = resource.lookups.iter().flat_map(|lookup| lookup.by_name).map(|(_, attr)| attr);
    let remote = resource.remote.into_iter().flat_map(|remote| remote.names);
    let named: Vec<String> =
        by_name.chain(remote).filter_map(|attr| value.get(attr).as_text()).map(quote_ident).collect();
    [words, named.join(", ")].join(" ").trim_end().to_owned()
}

/// A failed statement: what was attempted, what the server said, and where in the configuration the cause is.
pub fn failed(
    attempt: &str,
    error: &CatalogError,
    statement: Option<&Statement>,
    attrs: &[Attr],
    config: &Value,
) -> Diagnostic {
    let mut detail = match error.kind {
        ErrorKind::Server => format!("Materialize answered: {}", error.message),
        _ => error.message.clone(),
    };
    for (label, text) in [("Detail", &error.detail), ("Hint", &error.hint)] {
        if let Some(text) = text {
            detail += &format!("\n{label}: {text}");
        }
    }
    if let Some(code) = error.code.as_deref().filter(|code| *code != "XX000") {
        detail += &format!("\nSQLSTATE: {code}");
    }
    if let Some(statement) = statement {
        detail += &format!("\n\nStatement: {statement}");
    }
    let too_new = statement.and_then(|statement| too_new(attrs, config, error, statement));
    if let Some((attr, _)) = &too_new {
        detail += &format!("\n\nThis server is too old for `{}`.", attr.name);
    }
    let fault = attrs.iter().find_map(|attr| {
        let (code, advice) = attr.fault.filter(|_| !config.get(attr.name).is_zero())?;
        (error.code.as_deref() == Some(code)).then_some((attr, advice))
    });
    if let Some((_, advice)) = fault {
        detail += &format!("\n\n{advice}");
    }
    let diagnostic = Diagnostic::error(format!("Cannot {attempt}"), detail);
    let path = too_new.map(|(_, path)| path).or_else(|| blame(attrs, config, error));
    match path.or_else(|| fault.map(|(attr, _)| inside(attr, config.get(attr.name), attr.name.into()))) {
        Some(path) => diagnostic.at(path),
        None => diagnostic,
    }
}

/// The server's own statement cannot be read back: nothing is known of the object, and its state stands.
pub fn illegible(what: &str, why: &str) -> Diagnostic {
    let detail = format!(
        "Materialize has a statement for it which this provider does not understand: {why}. The server may be newer than \
         the provider. Please report this."
    );
    Diagnostic::error(format!("Cannot read {what}"), detail)
}

/// An attribute; of a block the first thing in it that is set, for which Terraform knows the line.
pub(super) fn inside(attr: &Attr, value: &Value, path: AttrPath) -> AttrPath {
    let (Some(attrs), Some(block)) = (attr.ty.block(), value.items().first()) else { return path };
    match attrs.iter().find(|attr| !block.get(attr.name).is_zero()) {
        Some(attr) => inside(attr, block.get(attr.name), path.index(0).name(attr.name)),
        None => path,
    }
}

/// The attribute whose words the server's parser does not know: it says which word it stumbled over.
fn too_new<'a>(
    attrs: &'a [Attr],
    config: &Value,
    error: &CatalogError,
    statement: &Statement,
) -> Option<(&'a Attr, AttrPath)> {
    if error.code.as_deref() != Some("42601") {
        return None;
    }
    let (message, text) = (error.message.to_uppercase(), statement.to_string());
    let unknown =
        |words: &str| text.contains(words) && words.split(' ').next().is_some_and(|first| mentions(&message, first));
    given(attrs, config, &AttrPath::root(), &|attr| attr.newer.is_some_and(unknown))
}

/// The first attribute of this sort that is set, the outermost of those that are inside of each other.
fn given<'a>(
    attrs: &'a [Attr],
    value: &Value,
    path: &AttrPath,
    sort: &dyn Fn(&Attr) -> bool,
) -> Option<(&'a Attr, AttrPath)> {
    attrs.iter().find_map(|attr| {
        let (value, path) = (value.get(attr.name), path.name(attr.name));
        if sort(attr) && !value.is_zero() {
            return Some((attr, inside(attr, value, path)));
        }
        let inner = attr.ty.block()?;
        let at = |i| if attr.ty.is_set() { path.clone() } else { path.index(i) };
        value.items().iter().enumerate().find_map(|(i, item)| given(inner, item, &at(i), sort))
    })
}

/// The attribute whose value the server names in its message; of several the one that is the last part of a full name
/// (`materialize.public.t`), else the longest value, the innermost attribute.
pub fn blame(attrs: &[Attr], config: &Value, error: &CatalogError) -> Option<AttrPath> {
    if error.kind != ErrorKind::Server {
        return None;
    }
    // `invalid_parameter_value`: the message names the parameter, but the value is at fault.
    if error.code.as_deref() == Some("22023")
        && let Some(value) = attrs.iter().find(|attr| attr.name == "value" || attr.name == "variable_value")
        && !value.sensitive
    {
        return Some(value.name.into());
    }
    let mut best: Option<(usize, AttrPath)> = None;
    let full = |word: &&str| word.matches('.').count() == 2;
    let words = error.message.split(|c: char| c.is_whitespace() || "\"'(),".contains(c));
    let objects: Vec<&str> = words.filter(full).filter_map(|word| word.rsplit('.').next()).collect();
    walk(attrs, config, &AttrPath::root(), &mut |attr, text, path| {
        let weight = if objects.contains(&text) { usize::MAX } else { text.len() };
        let heavier = best.as_ref().is_none_or(|(most, _)| weight > *most);
        if !attr.sensitive && heavier && (weight == usize::MAX || mentions(&error.message, text)) {
            best = Some((weight, path));
        }
    });
    if best.is_none() {
        // A column or function that stands inside of SQL which the user wrote.
        let quoted: Vec<&str> = error.message.split(['"', '\'']).skip(1).step_by(2).collect();
        walk(attrs, config, &AttrPath::root(), &mut |attr, text, path| {
            if best.is_none() && !attr.sensitive && quoted.iter().any(|word| mentions(text, word)) {
                best = Some((0, path));
            }
        });
    }
    best.map(|(_, path)| path)
}

/// Whether the message holds the text as a word of its own.
fn mentions(message: &str, text: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.len() > 1
        && message
            .match_indices(text)
            .any(|(at, _)| !word(message[..at].chars().next_back()) && !word(message[at + text.len()..].chars().next()))
}

/// Calls `visit` with every text in a value.
fn walk(attrs: &[Attr], value: &Value, path: &AttrPath, visit: &mut dyn FnMut(&Attr, &str, AttrPath)) {
    for attr in attrs {
        let path = path.name(attr.name);
        match (value.get(attr.name), attr.ty.block()) {
            (Value::Text(text), _) => visit(attr, text, path),
            (Value::List(items), block) => {
                for (i, item) in items.iter().enumerate() {
                    let path = if attr.ty.is_set() { path.clone() } else { path.index(i) };
                    match (block, item) {
                        (Some(inner), item) if !attr.ty.is_set() => walk(inner, item, &path, visit),
                        (Some(inner), item) => {
                            walk(inner, item, &path, &mut |attr, text, _| visit(attr, text, path.clone()))
                        }
                        (None, Value::Text(text)) => visit(attr, text, path),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}
