//! Provider functions on the wire.

use std::collections::HashMap;

use super::codec::{decode, encode, type_json};
use super::proto::tfplugin6 as pb;
use super::proto::tfplugin6::{call_function as call, get_functions as all, get_metadata::FunctionMetadata};
use super::service::Service;
use crate::functions::{ALL, Function, Refusal};
use crate::value::{Type, Value};

pub fn metadata() -> Vec<FunctionMetadata> {
    ALL.iter().map(|function| FunctionMetadata { name: function.name.to_owned() }).collect()
}

pub fn signatures() -> HashMap<String, pb::Function> {
    ALL.iter().map(|function| (function.name.to_owned(), signature(function))).collect()
}

fn signature(function: &Function) -> pb::Function {
    let markdown = pb::StringKind::Markdown.into();
    let mut parameters: Vec<_> = function
        .parameters
        .iter()
        .map(|(name, doc)| pb::function::Parameter {
            name: (*name).to_owned(),
            r#type: type_json(&Type::Text).to_string().into_bytes(),
            description: (*doc).to_owned(),
            description_kind: markdown,
            ..Default::default()
        })
        .collect();
    let variadic_parameter = parameters.pop_if(|_| function.variadic);
    pb::Function {
        parameters,
        variadic_parameter,
        r#return: Some(pb::function::Return {
            r#type: type_json(&function.returns.value_type()).to_string().into_bytes(),
        }),
        summary: function.summary.to_owned(),
        description: function.doc.to_owned(),
        description_kind: markdown,
        ..Default::default()
    }
}

pub fn all(_: &Service, _: all::Request) -> all::Response {
    all::Response { functions: signatures(), diagnostics: Vec::new() }
}

pub fn call(_: &Service, request: call::Request) -> call::Response {
    let refused = |refusal: Refusal| call::Response {
        result: None,
        error: Some(pb::FunctionError { text: refusal.text, function_argument: i64::try_from(refusal.argument).ok() }),
    };
    let Some(function) = ALL.iter().find(|function| function.name == request.name) else {
        let text = format!("This provider has no function {}.", request.name);
        return call::Response { result: None, error: Some(pb::FunctionError { text, function_argument: None }) };
    };
    let mut arguments = Vec::new();
    for (argument, value) in request.arguments.iter().enumerate() {
        match decode(&Type::Text, Some(value)) {
            Ok(Value::Text(text)) => arguments.push(text),
            Ok(_) => return refused(Refusal { text: "The argument must be a known text.".into(), argument }),
            Err(error) => return refused(Refusal { text: format!("The argument cannot be read: {error}."), argument }),
        }
    }
    let (given, known) = (arguments.len(), function.parameters.len());
    if given < known || (given > known && !function.variadic) {
        let least = if function.variadic { "at least " } else { "" };
        let text = format!("The function {} takes {least}{known} arguments; {given} are given.", function.name);
        return call::Response { result: None, error: Some(pb::FunctionError { text, function_argument: None }) };
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match (function.call)(&arguments) {
        Ok(value) => call::Response { result: Some(encode(&function.returns.value_type(), &value)), error: None },
        Err(refusal) => refused(refusal),
    }
}
