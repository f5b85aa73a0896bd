//! The registry's pages, printed from the declarations and the examples.

use std::fmt::Write;

use crate::declare::{Alter, Attr, DataSource, Default, Presence, Resource, Ty};
use crate::engine::{Class, Declared, class, identity_attrs, import_forms, list_filters};
use crate::functions::Function;

/// The groups of the registry's list, and what is in the names of their types. The first that fits is it.
const GROUPS: &[(&str, &[&str])] = &[
    ("Roles and privileges", &["grant", "role", "default_privilege"]),
    ("Clusters", &["cluster"]),
    ("Connections and secrets", &["connection", "secret"]),
    ("Sources", &["source"]),
    ("Sinks", &["sink"]),
    ("Databases and schemas", &["database", "schema"]),
    ("Tables and views", &["table", "view", "index", "type"]),
    ("Environment", &["network_policy", "system_parameter", "egress_ips"]),
];

fn group(name: &str, remote: bool) -> &'static str {
    let fits = |(_, words): &&(&str, &[&str])| words.iter().any(|word| name.contains(word));
    if remote { "Organization" } else { GROUPS.iter().find(fits).map_or("", |(title, _)| title) }
}

/// A resource's page. `example` and `import` are the files of its example folder; empty if there are none.
pub fn resource_page(resource: &'static Resource, example: &str, import: &str) -> String {
    let declared = Declared::new(resource);
    let mut page = head("Resource", resource.name, resource.remote.is_some(), resource.doc, example);
    schema(&mut page, declared.attrs, &mut |chain, path| change(resource, chain, path));
    page += "\n## Import\n\n";
    let _ = writeln!(page, "Imports go by id: {}.", import_forms(resource).replace('\n', " "));
    let command = import.lines().find_map(|line| line.strip_prefix("terraform import ")?.split_once(' '));
    if let Some((to, id)) = command {
        let id = id.trim_matches('\'').replace('\\', "\\\\").replace('"', "\\\"");
        let _ = write!(page, "\n```terraform\nimport {{\n  to = {to}\n  id = \"{id}\"\n}}\n```\n");
        let _ = write!(page, "\nOr, on the command line:\n\n```shell\n{}\n```\n", import.trim_end());
    }
    let identity = identity_attrs(resource);
    let shown = identity.iter().filter(|attr| attr.required);
    let shown: String = shown.map(|attr| format!("    {} = \"…\"\n", attr.name)).collect();
    let to = command.map_or_else(|| format!("{}.it", resource.name), |(to, _)| to.to_owned());
    page += "\nOr by identity (Terraform 1.12 and later):\n";
    let _ = write!(page, "\n```terraform\nimport {{\n  to = {to}\n  identity = {{\n{shown}  }}\n}}\n```\n\n");
    for attr in identity {
        let must = if attr.required { "Required" } else { "Optional" };
        let _ = writeln!(page, "- `{}` (String, {must}) {}", attr.name, attr.doc);
    }
    page
}

/// A list's page. `None`: the resource cannot be listed.
pub fn list_page(resource: &'static Resource) -> Option<String> {
    let attrs = list_filters(&Declared::new(resource))?;
    let whose = match resource.remote {
        Some(_) => "the organization",
        None => "the environment, whoever made them. Those of the system are left out",
    };
    let doc = format!(
        "Lists the objects of the type [`{}`](../resources/{}.md) in {whose}. `terraform query` (Terraform 1.14 and later) \
         shows them, and writes their configuration.",
        resource.name,
        resource.name.trim_start_matches("materialize_")
    );
    let first = attrs.first().map(|attr| format!("\n  config {{\n    {} = \"…\"\n  }}\n", attr.name));
    let example = format!(
        "list \"{}\" \"all\" {{\n  provider = materialize\n}}{}",
        resource.name,
        first
            .map(|config| format!("\n\nlist \"{}\" \"some\" {{\n  provider = materialize\n{config}}}", resource.name))
            .unwrap_or_default()
    );
    let mut page = head("List Resource", resource.name, resource.remote.is_some(), &doc, &example);
    schema(&mut page, &attrs, &mut |_, _| "");
    Some(page)
}

/// A function's page.
pub fn function_page(function: &Function, example: &str) -> String {
    let Function { name, summary, doc, .. } = function;
    let mut page = format!(
        "---\npage_title: \"{name} function\"\nsubcategory: \"\"\ndescription: |-\n  {summary}\n---\n\n# function: {name}\n\n{doc}\n"
    );
    code(&mut page, example);
    let last = function.parameters.len() - 1;
    let dots = |index: usize| if function.variadic && index == last { "..." } else { "" };
    let parameters = function.parameters.iter().enumerate();
    let signature: Vec<_> = parameters.clone().map(|(i, (name, _))| format!("{name} string{}", dots(i))).collect();
    let returns = match function.returns {
        Ty::Object(_) => "object",
        _ => "string",
    };
    let _ = write!(page, "\n## Signature\n\n```text\n{name}({}) {returns}\n```\n", signature.join(", "));
    page += "\n## Arguments\n\n";
    for (index, (name, doc)) in parameters {
        let kind = if dots(index).is_empty() { "String" } else { "String, one or more" };
        let _ = writeln!(page, "{}. `{name}` ({kind}) {doc}", index + 1);
    }
    if let Ty::Object(members) = function.returns {
        let members: Vec<_> = members.iter().map(|(name, _)| format!("`{name}`")).collect();
        let _ = write!(page, "\n## Result\n\nAn object with the attributes {}.\n", members.join(", "));
    }
    page
}

/// An ephemeral resource's page. `None`: the resource is not ephemeral as well.
pub fn ephemeral_page(resource: &'static Resource, example: &str) -> Option<String> {
    let mut page =
        head("Ephemeral Resource", resource.name, resource.remote.is_some(), resource.ephemeral?.doc, example);
    schema(&mut page, Declared::new(resource).attrs, &mut |_, _| "");
    Some(page)
}

/// A data source's page.
pub fn data_source_page(source: &DataSource, example: &str) -> String {
    let mut page = head("Data Source", source.name, source.remote.is_some(), source.doc, example);
    schema(&mut page, source.attrs, &mut |_, _| "");
    page
}

/// The provider's page. `about` stands between the example and the attributes.
pub fn index_page(example: &str, about: &str) -> String {
    let doc = "Manages what lives in a [Materialize](https://materialize.com) environment: clusters, roles and privileges, \
               databases, schemas, secrets, connections, sources, tables, views and indexes.";
    let mut page = format!(
        "---\npage_title: \"Provider: Materialize\"\ndescription: |-\n  {doc}\n---\n\n# Materialize Provider\n\n{doc}\n"
    );
    code(&mut page, example);
    let _ = write!(page, "\n{}\n", about.trim_end());
    schema(&mut page, crate::provider::ATTRS, &mut |_, _| "");
    page
}

fn head(kind: &str, name: &str, remote: bool, doc: &str, example: &str) -> String {
    let first = doc.split_inclusive(". ").next().unwrap_or(doc).trim_end();
    let mut page = format!(
        "---\npage_title: \"{name} {kind}\"\nsubcategory: \"{}\"\ndescription: |-\n  {first}\n---\n\n# {name} ({kind})\n\n{doc}\n",
        group(name, remote)
    );
    code(&mut page, example);
    page
}

fn code(page: &mut String, example: &str) {
    if !example.is_empty() {
        let _ = write!(page, "\n## Example Usage\n\n```terraform\n{}\n```\n", example.trim_end());
    }
}

/// What a change of the attribute does, as a sentence.
fn change(resource: &Resource, chain: &[&Attr], path: &str) -> &'static str {
    let member = format!("{path}[]");
    let about = |alter: &&Alter| alter.is_about(resource, path) || alter.is_about(resource, &member);
    let mut alters = resource.alters.iter().filter(about);
    if alters.clone().count() > 0 && alters.all(|alter| alter.possible.is_some()) {
        return "A change replaces the object, unless it can be made in place.";
    }
    match class(resource, chain, path, None) {
        Class::Altered => "Changed in place.",
        Class::Replaced => "A change replaces the object.",
        Class::Stored => "A change by itself sends nothing.",
        Class::Computed => "",
    }
}

/// A heading, and which attributes stand under it.
type Group = (&'static str, fn(&Attr) -> bool);

type Note<'a> = &'a mut dyn FnMut(&[&Attr], &str) -> &'static str;

/// The attributes, then each block in a section of its own.
fn schema(page: &mut String, attrs: &[Attr], note: Note) {
    *page += "\n## Schema\n";
    let mut blocks = Vec::new();
    section(page, attrs, &[], "", note, &mut blocks);
    let mut next = 0;
    while next < blocks.len() {
        let (chain, path): (Vec<Attr>, String) = blocks[next].clone();
        let inner = chain.last().and_then(|attr| attr.ty.block()).unwrap_or_default();
        let _ = write!(page, "\n<a id=\"{}\"></a>\n### `{path}`\n", anchor(&path));
        section(page, inner, &chain, &path, note, &mut blocks);
        next += 1;
    }
}

fn anchor(path: &str) -> String {
    format!("nested--{}", path.replace('.', "--"))
}

fn section(
    page: &mut String,
    attrs: &[Attr],
    chain: &[Attr],
    path: &str,
    note: Note,
    blocks: &mut Vec<(Vec<Attr>, String)>,
) {
    let groups: [Group; 3] = [
        ("Required", |attr| attr.presence == Presence::Required),
        ("Optional", |attr| matches!(attr.presence, Presence::Optional | Presence::OptionalComputed)),
        ("Read-Only", |attr| attr.presence == Presence::Computed),
    ];
    for (title, belongs) in groups {
        let mut lines = String::new();
        for attr in attrs.iter().filter(|attr| belongs(attr)) {
            let path = if path.is_empty() { attr.name.to_owned() } else { format!("{path}.{}", attr.name) };
            let mut chain: Vec<Attr> = chain.to_vec();
            chain.push(*attr);
            let words = note(&chain.iter().collect::<Vec<_>>(), &path);
            line(&mut lines, attr, &path, words);
            if attr.ty.block().is_some() {
                blocks.push((chain, path));
            }
        }
        if !lines.is_empty() {
            let _ = write!(page, "\n{} {title}\n\n{lines}", if path.is_empty() { "###" } else { "####" });
        }
    }
}

fn line(out: &mut String, attr: &Attr, path: &str, change: &str) {
    let mut kind = match attr.ty {
        Ty::Text => "String".to_owned(),
        Ty::Int | Ty::Float => "Number".to_owned(),
        Ty::Bool => "Boolean".to_owned(),
        Ty::List(Ty::Object(members)) => {
            format!(
                "List of Object: {}",
                members.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            )
        }
        Ty::List(_) => "List of String".to_owned(),
        Ty::Set(_) => "Set of String".to_owned(),
        Ty::Map(_) => "Map of String".to_owned(),
        Ty::Object(_) => "Object".to_owned(),
        Ty::Block { max: 1, .. } => "Block".to_owned(),
        Ty::Block { .. } => "Blocks".to_owned(),
    };
    for (flag, word) in [
        (attr.sensitive, ", Sensitive"),
        (attr.write_only, ", Write-only"),
        (attr.deprecated.is_some(), ", Deprecated"),
    ] {
        if flag {
            kind += word;
        }
    }
    let default = match attr.default {
        Some(Default::Bool(value)) => format!(" Default: `{value}`."),
        Some(Default::Int(value)) => format!(" Default: `{value}`."),
        Some(Default::Float(value) | Default::Text(value)) => format!(" Default: `{value}`."),
        Some(Default::Env(..)) | None => String::new(),
    };
    let why = attr.deprecated.map(|why| format!(" {why}")).unwrap_or_default();
    let stored = attr.stored.map(|why| format!(" ({why})")).unwrap_or_default();
    let change = if change.is_empty() { String::new() } else { format!(" {}{stored}", change.trim_end_matches('.')) };
    let change = if change.is_empty() { change } else { format!("{change}.") };
    let see = attr.ty.block().map(|_| format!(" See [below](#{}).", anchor(path))).unwrap_or_default();
    let _ = writeln!(out, "- `{}` ({kind}) {}{default}{why}{change}{see}", attr.name, attr.doc);
}

#[cfg(test)]
mod tests {
    use std::fs::{create_dir_all, read_to_string, write};
    use std::path::PathBuf;

    fn root() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
    }

    fn example(path: &str) -> String {
        read_to_string(root().join("examples").join(path)).unwrap_or_default()
    }

    /// Every generated file and what it must hold.
    fn generated() -> Vec<(String, String)> {
        let mut all = vec![(
            "docs/index.md".to_owned(),
            super::index_page(&example("provider/provider.tf"), &example("provider/about.md")),
        )];
        for resource in crate::resources::ALL {
            let name = resource.name.trim_start_matches("materialize_");
            let folder = format!("resources/{}", resource.name);
            let page = super::resource_page(
                resource,
                &example(&format!("{folder}/resource.tf")),
                &example(&format!("{folder}/import.sh")),
            );
            all.push((format!("docs/resources/{name}.md"), page));
            let example = example(&format!("ephemeral-resources/{}/ephemeral-resource.tf", resource.name));
            let page = super::ephemeral_page(resource, &example);
            all.extend(page.map(|page| (format!("docs/ephemeral-resources/{name}.md"), page)));
            let page = super::list_page(resource);
            all.extend(page.map(|page| (format!("docs/list-resources/{name}.md"), page)));
        }
        for function in crate::functions::ALL {
            let example = example(&format!("functions/{}/function.tf", function.name));
            assert!(!example.is_empty(), "{} has no example", function.name);
            all.push((format!("docs/functions/{}.md", function.name), super::function_page(function, &example)));
        }
        for source in crate::data_sources::ALL {
            let name = source.name.trim_start_matches("materialize_");
            let page =
                super::data_source_page(source, &example(&format!("data-sources/{}/data-source.tf", source.name)));
            all.push((format!("docs/data-sources/{name}.md"), page));
        }
        all
    }

    /// Committed pages are those that the declarations print; `make generate` writes them.
    #[test]
    fn pages_are_current() {
        let rewrite = std::env::var_os("GENERATE").is_some();
        let mut stale = Vec::new();
        for (path, text) in generated() {
            let file = root().join(&path);
            if read_to_string(&file).ok().as_deref() == Some(text.as_str()) {
                continue;
            }
            if rewrite {
                create_dir_all(file.parent().unwrap()).unwrap();
                write(&file, text).unwrap();
            } else {
                stale.push(path);
            }
        }
        assert!(stale.is_empty(), "run `make generate`: {stale:#?}");
    }

    /// What the registry asks of pages: where they are, what they begin with, and how long they may be.
    #[test]
    fn pages_are_as_the_registry_wants_them() {
        let (mut folders, mut seen) = (vec![root().join("docs")], 0);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                let parts: Vec<&str> = name.split('/').collect();
                if parts.starts_with(&["docs", "design"]) {
                    continue; // for those who work on the provider; the registry passes it over
                }
                if path.is_dir() {
                    let known =
                        ["guides", "resources", "ephemeral-resources", "data-sources", "list-resources", "functions"];
                    assert!(parts.len() == 2 && known.contains(&parts[1]), "{name}");
                    folders.push(path);
                    continue;
                }
                if name.ends_with(".svg") {
                    continue;
                }
                let text = read_to_string(&path).unwrap();
                assert!(name.ends_with(".md") && text.len() < 500_000, "{name}");
                let matter =
                    text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map(|(head, _)| head);
                let keys = matter.unwrap_or_default().lines().filter(|line| !line.starts_with(' '));
                let keys: Vec<&str> = keys.filter_map(|line| line.split_once(':')).map(|(key, _)| key).collect();
                let index = ["page_title", "description"];
                let wanted = ["page_title", "subcategory", "description"];
                assert_eq!(keys, if name == "docs/index.md" { &index[..] } else { &wanted }, "{name}");
                let grouped = !text.contains("\nsubcategory: \"\"\n") || ["guides", "functions"].contains(&parts[1]);
                assert!(grouped, "{name}: no group of `GROUPS` is for it");
                seen += 1;
            }
        }
        assert!(seen > 100, "only {seen}");
    }

    /// The page of a resource that is gone would stay behind.
    #[test]
    fn no_page_is_left_over() {
        let known: Vec<String> = generated().into_iter().map(|(path, _)| path).collect();
        for folder in
            ["docs/resources", "docs/ephemeral-resources", "docs/data-sources", "docs/list-resources", "docs/functions"]
        {
            for entry in std::fs::read_dir(root().join(folder)).unwrap() {
                let path = format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy());
                assert!(known.contains(&path), "{path} belongs to nothing");
            }
        }
    }

    /// Every resource file is in the module list, and every resource in the list has its example and its cases.
    #[test]
    fn lists_are_complete() {
        let module = read_to_string(root().join("src/resources/mod.rs")).unwrap();
        for entry in std::fs::read_dir(root().join("src/resources")).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().replace(".rs", "");
            assert!(name == "mod" || module.contains(&format!("mod {name};")), "{name} is not in the list");
        }
        for resource in crate::resources::ALL {
            let short = resource.name.trim_start_matches("materialize_");
            for file in
                [format!("examples/resources/{}/resource.tf", resource.name), format!("tests/cases/{short}.case")]
            {
                assert!(root().join(&file).is_file(), "{file} is missing");
            }
        }
    }
}
