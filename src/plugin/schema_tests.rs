//! The printed schemas against the rules by which Terraform refuses one (its texts are the messages here), and against
//! the declarations.

use std::collections::BTreeSet;

use super::proto::tfplugin6 as pb;
use super::schema::{Of, diagnostic, schema};
use crate::declare::{Attr, block, block_set, int, text, texts};
use crate::diag::Diagnostic;
use crate::engine::{Engine, Schema};
use crate::path::AttrPath;
use crate::value::Type;

/// Everything that Terraform's schema loader would complain about. `set`: whether a block around is a set.
fn complaints(path: &str, block: &pb::schema::Block, set: bool, out: &mut Vec<String>) {
    use pb::schema::nested_block::NestingMode;
    let mut names = BTreeSet::new();
    let mut complain = |name: &str, problem: &str| out.push(format!("{path}.{name}: {problem}"));
    for attr in &block.attributes {
        let name = attr.name.as_str();
        if !names.insert(name) {
            complain(name, "name defined twice");
        }
        if !attr.optional && !attr.required && !attr.computed {
            complain(name, "must set Optional, Required or Computed");
        }
        if attr.required && (attr.optional || attr.computed) {
            complain(name, "cannot set both Required and Optional or Computed");
        }
        if attr.write_only && attr.computed {
            complain(name, "cannot set both Computed and WriteOnly");
        }
        if attr.write_only && set {
            complain(name, "NestingSet blocks may not contain WriteOnly attributes");
        }
        if attr.deprecated == attr.deprecation_message.is_empty() {
            complain(name, "Deprecated and DeprecationMessage must go together");
        }
        let ty = std::str::from_utf8(&attr.r#type).ok().and_then(super::codec::parse_type);
        match (ty, &attr.nested_type) {
            (Some(ty), None) if dynamic(&ty) => complain(name, "dynamic types may not stand in collections"),
            (Some(_), None) => {}
            _ => complain(name, "either Type or NestedType must be defined"),
        }
    }
    for nested in &block.block_types {
        let name = nested.type_name.as_str();
        if !names.insert(name) {
            complain(name, "name defined as both attribute and child block type");
        }
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            complain(name, "name may contain only lowercase letters, digits and underscores");
        }
        let mode = nested.nesting();
        if !matches!(mode, NestingMode::List | NestingMode::Set) {
            complain(name, "only lists and sets of blocks are declared here");
        }
        if nested.max_items != 0 && nested.min_items > nested.max_items {
            complain(name, "MinItems must be less than or equal to MaxItems");
        }
        match &nested.block {
            Some(block) if block.deprecated == block.deprecation_message.is_empty() => {
                complain(name, "Deprecated and DeprecationMessage must go together");
            }
            Some(_) => {}
            None => complain(name, "a block without content"),
        }
    }
    for nested in &block.block_types {
        if let Some(block) = &nested.block {
            let set = set || nested.nesting() == NestingMode::Set;
            complaints(&format!("{path}.{}", nested.type_name), block, set, out);
        }
    }
}

fn dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::List(inner) | Type::Set(inner) | Type::Map(inner) => dynamic(inner),
        Type::Tuple(types) => types.iter().any(dynamic),
        Type::Object(types) => types.values().any(dynamic),
        _ => false,
    }
}

fn printed(of: &Schema, kind: Of) -> pb::schema::Block {
    schema(of, kind).block.expect("a schema has a block")
}

#[test]
fn terraform_accepts_every_schema() {
    let engine = Engine::new();
    let mut out = Vec::new();
    complaints("provider", &printed(engine.provider_schema(), Of::Provider), false, &mut out);
    for (name, found) in engine.resource_schemas() {
        complaints(name, &printed(found, Of::Resource), false, &mut out);
    }
    for (name, found) in engine.data_source_schemas() {
        complaints(&format!("data.{name}"), &printed(found, Of::DataSource), false, &mut out);
    }
    assert!(out.is_empty(), "{}", out.join("\n"));
}

/// Terraform derives the type of values from the schema: it must be the type by which they are encoded.
#[test]
fn the_type_that_a_schema_implies_is_the_one_values_have() {
    fn implied(block: &pb::schema::Block) -> Type {
        let attrs = block.attributes.iter().map(|attr| {
            let ty = std::str::from_utf8(&attr.r#type).expect("JSON");
            (attr.name.clone(), super::codec::parse_type(ty).expect("a type"))
        });
        let blocks = block.block_types.iter().map(|nested| {
            let inner = Box::new(implied(nested.block.as_ref().expect("content")));
            let set = nested.nesting() == pb::schema::nested_block::NestingMode::Set;
            (nested.type_name.clone(), if set { Type::Set(inner) } else { Type::List(inner) })
        });
        Type::Object(attrs.chain(blocks).collect())
    }
    let engine = Engine::new();
    assert_eq!(implied(&printed(engine.provider_schema(), Of::Provider)), engine.provider_schema().ty);
    for (name, found) in engine.resource_schemas() {
        assert_eq!(implied(&printed(found, Of::Resource)), found.ty, "{name}");
    }
    for (name, found) in engine.data_source_schemas() {
        assert_eq!(implied(&printed(found, Of::DataSource)), found.ty, "{name}");
    }
}

/// Where the configuration is silent, a resource's state may hold another provider's "" or 0; only a computed attribute
/// may keep it, in blocks too.
#[test]
fn a_resources_optional_attributes_are_computed_as_well() {
    const INNER: &[Attr] = &[text("x"), text("wo").write_only(), int("n").required()];
    const ATTRS: &[Attr] = &[
        text("id").computed(),
        text("old").deprecated("Use another."),
        texts("free").or_server(),
        block("one", INNER).deprecated("Use another.").doc("A block."),
        block_set("many", &[text("x")]).outdated("Say it elsewhere."),
    ];
    let declared = Schema { attrs: ATTRS, ty: crate::declare::object_type(ATTRS), doc: "", version: 0 };
    let flags = |kind| {
        fn of(block: &pb::schema::Block, out: &mut Vec<String>) {
            for a in &block.attributes {
                let set =
                    [(a.required, "R"), (a.optional, "O"), (a.computed, "C"), (a.write_only, "W"), (a.sensitive, "S")];
                let set: String = set.iter().filter(|(is, _)| *is).map(|(_, letter)| *letter).collect();
                out.push(format!("{}:{set}", a.name));
            }
            block.block_types.iter().for_each(|nested| of(nested.block.as_ref().expect("content"), out));
        }
        let mut out = Vec::new();
        of(&printed(&declared, kind), &mut out);
        out.join(" ")
    };
    assert_eq!(flags(Of::Resource), "id:C old:OC free:OC x:OC wo:OWS n:R x:OC");
    assert_eq!(flags(Of::DataSource), "id:C old:O free:OC x:O wo:OWS n:R x:O");
    assert_eq!(flags(Of::Provider), "id:C old:O free:O x:O wo:OWS n:R x:O");
    let block = printed(&declared, Of::Resource);
    assert_eq!(block.attributes[1].deprecation_message, "Use another.");
    let one = &block.block_types[0];
    assert_eq!((one.min_items, one.max_items), (0, 1));
    let inner = one.block.as_ref().expect("content");
    assert_eq!((inner.deprecation_message.as_str(), inner.description.as_str()), ("Use another.", "A block."));
    assert_eq!((block.block_types[1].min_items, block.block_types[1].max_items), (0, 0));
    // Terraform would leave it out of the configurations that it generates.
    assert!(!block.block_types[1].block.as_ref().expect("content").deprecated);
}

#[test]
fn messages_point_where_terraform_can_follow() {
    use pb::attribute_path::step::Selector;
    let path = AttrPath::from("a").index(2).name("b").key("c");
    let printed = diagnostic(Diagnostic::error("s", "d").at(path));
    assert_eq!(printed.severity, i32::from(pb::diagnostic::Severity::Error));
    let steps: Vec<_> = printed.attribute.expect("a path").steps.into_iter().filter_map(|step| step.selector).collect();
    let name = |name: &str| Selector::AttributeName(name.into());
    assert_eq!(steps, [name("a"), Selector::ElementKeyInt(2), name("b"), Selector::ElementKeyString("c".into())]);
    let warning = diagnostic(Diagnostic::warning("s", "d").at(AttrPath::root()));
    assert_eq!((warning.severity, warning.attribute), (i32::from(pb::diagnostic::Severity::Warning), None));
}
