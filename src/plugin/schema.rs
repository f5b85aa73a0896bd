//! Schemas on the wire, printed from the declarations.

use super::codec::type_json;
use super::proto::tfplugin6 as pb;
use crate::declare::{Attr, Nesting, Presence, Ty};
use crate::diag::{Diagnostic, Severity};
use crate::engine::Schema;
use crate::path::{AttrPath, Step};

/// Whose attributes are printed: only a resource's may be filled in by the provider where the configuration is silent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Provider,
    Resource,
    DataSource,
}

/// A schema as Terraform reads it.
pub fn schema(schema: &Schema, of: Of) -> pb::Schema {
    let mut block = block(schema.attrs, of);
    block.description = schema.doc.to_owned();
    pb::Schema { version: schema.version, block: Some(block) }
}

fn block(attrs: &[Attr], of: Of) -> pb::schema::Block {
    let (mut attributes, mut block_types) = (Vec::new(), Vec::new());
    for attr in attrs {
        match attr.ty {
            Ty::Block { nesting, min, max, attrs } => {
                use pb::schema::nested_block::NestingMode;
                let mut inner = block(attrs, of);
                inner.description = attr.doc.to_owned();
                inner.deprecated = attr.announced_deprecation().is_some();
                inner.deprecation_message = attr.announced_deprecation().unwrap_or_default().to_owned();
                let nesting = match nesting {
                    Nesting::List => NestingMode::List,
                    Nesting::Set => NestingMode::Set,
                };
                block_types.push(pb::schema::NestedBlock {
                    type_name: attr.name.to_owned(),
                    block: Some(inner),
                    nesting: nesting.into(),
                    min_items: min.into(),
                    max_items: max.into(),
                });
            }
            _ => attributes.push(attribute(attr, of)),
        }
    }
    let description_kind = pb::StringKind::Markdown.into();
    pb::schema::Block { attributes, block_types, description_kind, ..Default::default() }
}

fn attribute(attr: &Attr, of: Of) -> pb::schema::Attribute {
    // Strict protocol: a state of the official provider may hold "" or 0 where the configuration is silent, and only a
    // computed attribute may keep that.
    let fills = match attr.presence {
        Presence::Computed => true,
        Presence::OptionalComputed => of != Of::Provider,
        Presence::Optional => of == Of::Resource && !attr.write_only,
        Presence::Required => false,
    };
    pb::schema::Attribute {
        name: attr.name.to_owned(),
        r#type: type_json(&attr.ty.value_type()).to_string().into_bytes(),
        description: attr.doc.to_owned(),
        description_kind: pb::StringKind::Markdown.into(),
        required: attr.presence == Presence::Required,
        optional: matches!(attr.presence, Presence::Optional | Presence::OptionalComputed),
        computed: fills,
        sensitive: attr.sensitive,
        write_only: attr.write_only,
        deprecated: attr.announced_deprecation().is_some(),
        deprecation_message: attr.announced_deprecation().unwrap_or_default().to_owned(),
        nested_type: None,
    }
}

/// Messages to the user.
pub fn diagnostics(diagnostics: Vec<Diagnostic>) -> Vec<pb::Diagnostic> {
    diagnostics.into_iter().map(diagnostic).collect()
}

/// One message to the user.
pub fn diagnostic(diagnostic: Diagnostic) -> pb::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => pb::diagnostic::Severity::Error,
        Severity::Warning => pb::diagnostic::Severity::Warning,
    };
    pb::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        // An empty path would leave Terraform without a source line.
        attribute: diagnostic.path.filter(|path| !path.0.is_empty()).as_ref().map(path),
    }
}

/// A path on the wire.
pub fn path(path: &AttrPath) -> pb::AttributePath {
    use pb::attribute_path::step::Selector;
    let steps = path.0.iter().map(|step| {
        let selector = match step {
            Step::Name(name) => Selector::AttributeName(name.clone()),
            Step::Index(index) => Selector::ElementKeyInt(*index),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
        };
        pb::attribute_path::Step { selector: Some(selector) }
    });
    pb::AttributePath { steps: steps.collect() }
}
