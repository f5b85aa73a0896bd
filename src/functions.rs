//! Provider functions: pure, without an environment, called while Terraform evaluates a configuration.

use crate::declare::Ty;
use crate::declare::scope::bare_suffix;
use crate::sql::{Name, quote_ident, quote_text};
use crate::value::Value;

/// A function of the provider: `provider::materialize::<name>(…)`.
#[derive(Debug)]
pub struct Function {
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Markdown.
    pub doc: &'static str,
    /// Its parameters, which are all texts: name and doc.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Whether the last parameter may be given any number of times, at least once.
    pub variadic: bool,
    pub returns: Ty,
    /// The arguments are known texts, as many as it has parameters or more if it is variadic.
    pub call: fn(&[&str]) -> Result<Value, Refusal>,
}

/// Why there is no result.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub text: String,
    /// The argument at fault, from 0.
    pub argument: usize,
}

/// Every function, by name.
pub const ALL: &[Function] = &[
    Function {
        name: "parse_id",
        summary: "The region and the rest of an object's id.",
        doc: "Takes an `id` apart, as resources and data sources have it: `aws/us-east-1:u7` is the object `u7` in the region \
              `aws/us-east-1`. The catalog id is what the system catalog of Materialize knows the object by, such as in \
              `mz_objects.id`.",
        parameters: &[("id", "The `id` of a resource.")],
        variadic: false,
        returns: Ty::Object(&[("id", Ty::Text), ("region", Ty::Text)]),
        call: |arguments| {
            let Some((region, id)) =
                arguments[0].split_once(':').filter(|(region, id)| !region.is_empty() && !id.is_empty())
            else {
                return Err(refusal("no id of an object: it has no region before a colon"));
            };
            Ok(Value::from([("id", Value::text(bare_suffix(id))), ("region", Value::text(region))]))
        },
    },
    Function {
        name: "parse_name",
        summary: "The parts of an object's name in SQL.",
        doc: "Takes a name apart as Materialize does: `materialize.public.\"Orders\"` is `Orders` in the schema `public` of \
              the database `materialize`. A part without quotes is in small letters. What is not said is null. The result \
              has the attributes of blocks that name an object.",
        parameters: &[("name", "A name of one to three parts, with a point between them.")],
        variadic: false,
        returns: Ty::Object(&[("database_name", Ty::Text), ("name", Ty::Text), ("schema_name", Ty::Text)]),
        call: |arguments| {
            let name = Name::read(arguments[0]).filter(|name| name.parts.len() <= 3);
            let name = name
                .ok_or_else(|| refusal("no name of an object: one to three identifiers with a point between them"))?;
            let part = |from_end: usize| Value::from(name.parts.iter().rev().nth(from_end).map(String::as_str));
            Ok(Value::from([("database_name", part(2)), ("name", part(0)), ("schema_name", part(1))]))
        },
    },
    Function {
        name: "qualified_name",
        summary: "The parts of a name, quoted and joined for SQL.",
        doc: "Quotes every part as an identifier and puts points between them: `\"materialize\".\"public\".\"orders\"`, to be \
              used in the text of a query.",
        parameters: &[("parts", "The database, the schema and the name, or the last of these.")],
        variadic: true,
        returns: Ty::Text,
        call: |arguments| match arguments.iter().position(|part| part.is_empty()) {
            Some(argument) => Err(Refusal { argument, ..refusal("an empty identifier") }),
            None => Ok(Value::text(Name::new(arguments.iter().copied()).to_string())),
        },
    },
    Function {
        name: "quote_identifier",
        summary: "A text as an identifier in SQL.",
        doc: "Puts double quotes around a text and doubles those in it, so that it is one identifier in the text of a query, \
              whatever is in it.",
        parameters: &[("identifier", "The identifier.")],
        variadic: false,
        returns: Ty::Text,
        call: |arguments| match arguments[0] {
            "" => Err(refusal("an empty identifier")),
            text => Ok(Value::text(quote_ident(text))),
        },
    },
    Function {
        name: "quote_literal",
        summary: "A text as a literal in SQL.",
        doc: "Puts single quotes around a text and doubles those in it, so that it is one text in a query, whatever is in it. \
              Not for secrets: what a query says is stored and shown.",
        parameters: &[("text", "The text.")],
        variadic: false,
        returns: Ty::Text,
        call: |arguments| Ok(Value::text(quote_text(arguments[0]))),
    },
];

/// That the first argument is no such thing.
fn refusal(what: &str) -> Refusal {
    Refusal { text: format!("The argument is {what}."), argument: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::to_json;

    fn call(name: &str, arguments: &[&str]) -> Result<String, Refusal> {
        let function = ALL.iter().find(|function| function.name == name).expect("a function");
        (function.call)(arguments).map(|value| to_json(&value).to_string())
    }

    #[test]
    fn what_is_quoted_is_read_back() {
        for name in ["orders", "Order\"s", "a.b", "ä ö", "--", "select"] {
            let quoted = call("qualified_name", &["d", name, name]).expect("a name");
            let quoted: String = serde_json::from_str(&quoted).expect("a text");
            let parts = call("parse_name", &[&quoted]).expect("parts");
            let expected = serde_json::json!({"database_name": "d", "schema_name": name, "name": name});
            assert_eq!(parts, expected.to_string(), "{quoted}");
        }
        let parts = call("parse_name", &["Public . Orders"]).expect("parts");
        assert_eq!(parts, r#"{"database_name":null,"name":"orders","schema_name":"public"}"#);
        assert_eq!(call("quote_literal", &["it's"]).as_deref(), Ok(r#""'it''s'""#));
        assert_eq!(call("quote_identifier", &["a\"b"]).as_deref(), Ok(r#""\"a\"\"b\"""#));
    }

    #[test]
    fn ids_have_a_region() {
        assert_eq!(
            call("parse_id", &["aws/us-east-1:id:u7"]).as_deref(),
            Ok(r#"{"id":"u7","region":"aws/us-east-1"}"#)
        );
        let grant = call("parse_id", &["self-hosted:GRANT|TABLE|u1|u2|SELECT"]);
        assert_eq!(grant.as_deref(), Ok(r#"{"id":"GRANT|TABLE|u1|u2|SELECT","region":"self-hosted"}"#));
    }

    #[test]
    fn what_is_no_name_is_refused_at_its_argument() {
        for (function, arguments, at) in [
            ("parse_id", &["u7"][..], 0),
            ("parse_id", &[":u7"], 0),
            ("parse_name", &[""], 0),
            ("parse_name", &["a."], 0),
            ("parse_name", &["a b"], 0),
            ("parse_name", &["a.b.c.d"], 0),
            ("parse_name", &["\"a"], 0),
            ("parse_name", &["\"\".a"], 0),
            ("qualified_name", &["a", "", "c"], 1),
            ("quote_identifier", &[""], 0),
        ] {
            assert_eq!(call(function, arguments).expect_err(function).argument, at, "{function} {arguments:?}");
        }
    }
}
