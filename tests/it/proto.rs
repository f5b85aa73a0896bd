//! The protocol definition of this repository against the protocol as data: every message, field, enum and method, in
//! both directions.

use std::collections::BTreeMap;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto};
use serde_json::{Map, Value, json};

/// Built up in the form of the data file.
#[derive(Default)]
struct Printed {
    messages: BTreeMap<String, Value>,
    enums: BTreeMap<String, Value>,
}

fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
}

/// `.tfplugin6.Schema.Block` is `Schema.Block`; what another package has keeps its package.
fn local(name: &str) -> String {
    name.strip_prefix(".tfplugin6.").unwrap_or(name.trim_start_matches('.')).to_owned()
}

fn type_name(field: &FieldDescriptorProto) -> String {
    match field.r#type() {
        Type::Message | Type::Enum => local(field.type_name()),
        scalar => scalar.as_str_name().trim_start_matches("TYPE_").to_lowercase(),
    }
}

fn field(message: &DescriptorProto, field: &FieldDescriptorProto) -> Value {
    let entry = message.nested_type.iter().find(|nested| {
        nested.options.as_ref().is_some_and(|options| options.map_entry())
            && field.type_name().ends_with(&format!(".{}", nested.name()))
    });
    let mut out = Map::new();
    out.insert("number".into(), field.number().into());
    match entry {
        Some(entry) => {
            let kind = format!("map<{}, {}>", type_name(&entry.field[0]), type_name(&entry.field[1]));
            out.insert("type".into(), kind.into());
        }
        None => {
            out.insert("type".into(), type_name(field).into());
            if field.label() == Label::Repeated {
                out.insert("repeated".into(), true.into());
            }
        }
    }
    match field.oneof_index {
        Some(_) if field.proto3_optional() => drop(out.insert("optional".into(), true.into())),
        Some(index) => drop(out.insert("oneof".into(), message.oneof_decl[index as usize].name().into())),
        None => {}
    }
    if field.options.as_ref().is_some_and(|options| options.deprecated()) {
        out.insert("deprecated".into(), true.into());
    }
    Value::Object(out)
}

impl Printed {
    fn message(&mut self, parent: &str, message: &DescriptorProto) {
        let name = join(parent, message.name());
        let fields: Map<_, _> = message.field.iter().map(|f| (f.name().to_owned(), field(message, f))).collect();
        assert_eq!(fields.len(), message.field.len(), "{name} has a field twice");
        self.messages.insert(name.clone(), Value::Object(fields));
        for nested in &message.nested_type {
            if !nested.options.as_ref().is_some_and(|options| options.map_entry()) {
                self.message(&name, nested);
            }
        }
        for nested in &message.enum_type {
            self.enumeration(&name, nested);
        }
    }

    fn enumeration(&mut self, parent: &str, of: &EnumDescriptorProto) {
        let values: Map<_, _> = of.value.iter().map(|v| (v.name().to_owned(), v.number().into())).collect();
        self.enums.insert(join(parent, of.name()), Value::Object(values));
    }
}

fn services(file: &FileDescriptorProto) -> Value {
    let services = file.service.iter().map(|service| {
        let methods = service.method.iter().map(|method| {
            let mut out = Map::new();
            out.insert("request".into(), local(method.input_type()).into());
            out.insert("response".into(), local(method.output_type()).into());
            if method.client_streaming() {
                out.insert("client_streaming".into(), true.into());
            }
            if method.server_streaming() {
                out.insert("server_streaming".into(), true.into());
            }
            (method.name().to_owned(), Value::Object(out))
        });
        (service.name().to_owned(), Value::Object(methods.collect()))
    });
    Value::Object(services.collect())
}

fn declared(file: &str) -> FileDescriptorProto {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/plugin");
    let set = protox::compile([file], [folder]).expect("the definition compiles");
    set.file.into_iter().find(|found| found.name() == file).expect("the definition is in the set")
}

/// Names that only one side has, and names where the two differ: all of them, so that one run shows every mistake.
fn differences(what: &str, ours: &Value, theirs: &Value) -> Vec<String> {
    let (ours, theirs) = (ours.as_object().expect(what), theirs.as_object().expect(what));
    let missing =
        theirs.keys().filter(|name| !ours.contains_key(*name)).map(|name| format!("{what} {name} is missing"));
    let extra = ours.keys().filter(|name| !theirs.contains_key(*name)).map(|name| format!("{what} {name} is extra"));
    let other = ours.iter().filter_map(|(name, mine)| {
        let yours = theirs.get(name).filter(|yours| *yours != mine)?;
        Some(format!("{what} {name}:\n  ours   {mine}\n  theirs {yours}"))
    });
    missing.chain(extra).chain(other).collect()
}

#[test]
fn the_definition_is_terraforms() {
    let text = include_str!("../data/tfplugin6.json");
    let theirs: Value = serde_json::from_str(text).expect("the data file is JSON");
    let file = declared("tfplugin6.proto");
    let mut printed = Printed::default();
    file.message_type.iter().for_each(|message| printed.message("", message));
    file.enum_type.iter().for_each(|of| printed.enumeration("", of));
    assert_eq!(theirs["package"], file.package());
    assert_eq!(theirs["syntax"], file.syntax());
    assert!(printed.messages.len() > 100 && printed.enums.len() >= 5, "the definition is not empty");
    let mut all = differences("message", &json!(printed.messages), &theirs["messages"]);
    all.extend(differences("enum", &json!(printed.enums), &theirs["enums"]));
    all.extend(differences("method", &services(&file)["Provider"], &theirs["services"]["Provider"]));
    assert!(all.is_empty(), "{}", all.join("\n"));
    assert_eq!(file.service.len(), theirs["services"].as_object().map_or(0, Map::len), "one service");
}

/// go-plugin calls these by path; a change of one would only show as a warning in Terraform's log.
#[test]
fn the_helper_services_are_go_plugins() {
    let print = |file: &str| {
        let file = declared(file);
        let package = file.package().to_owned();
        let methods = file.service.iter().flat_map(move |service| {
            let package = package.clone();
            service.method.iter().map(move |method| {
                let (from, to) = (method.client_streaming(), method.server_streaming());
                format!("/{package}.{}/{} {from} {to}", service.name(), method.name())
            })
        });
        methods.collect::<Vec<_>>()
    };
    let expected = [
        "/plugin.GRPCController/Shutdown false false",
        "/plugin.GRPCStdio/StreamStdio false true",
        "/plugin.GRPCBroker/StartStream true true",
    ];
    assert_eq!(print("goplugin.proto"), expected);
    assert_eq!(
        print("health.proto"),
        ["/grpc.health.v1.Health/Check false false", "/grpc.health.v1.Health/Watch false true"]
    );
}
