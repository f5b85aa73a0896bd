//! What sources and tables share that take HTTP requests: the body, the headers, and the check.

use std::borrow::Cow;

use crate::declare::*;
use crate::diag::{Diagnostic, Diagnostics};
use crate::sql::{
    Kind, Node, Statement, as_group, as_name, as_text, find, first, item, parse, starts_with, without_ids,
};
use crate::value::Value;

const HEADER: Check = Check::Length(1, 10_000);

const INCLUDED: &[Attr] = &[
    text("header").required().check(HEADER).doc("The header."),
    identifier("alias").quotable().doc("The column's name."),
    boolean("bytes").doc("Whether the column is `bytea`, and not `text`."),
];

const ALL_HEADERS: &[Attr] = &[
    boolean("all").doc("Whether to include all headers."),
    texts("only").no_empty().doc("Include only these headers."),
    texts("not").no_empty().doc("Include all headers but these."),
];

const FIELD: &[Attr] = &[
    boolean("body").doc("The request's body."),
    boolean("headers").doc("The request's headers, a map."),
    reference("secret", Kind::Secret).doc("The value of this secret."),
];

const INPUT: &[Attr] = &[
    block("field", FIELD).required().doc("What it is: the body, the headers, or a secret."),
    identifier("alias").quotable().doc("Its name in the expression; `body`, `headers` or the secret's if not set."),
    boolean("bytes").doc("Whether it is `bytea`, and not `text`."),
];

pub const BODY_FORMAT: Attr = text("body_format")
    .keyword(&["TEXT", "JSON", "JSON ARRAY", "BYTES"])
    .doc("What bodies are: `TEXT`, `JSON`, `JSON ARRAY` (a row for each element) or `BYTES`.");
pub const INCLUDE_HEADER: Attr = blocks("include_header", INCLUDED)
    .rules(&[Rule::AtLeastOneOf(&["alias"])])
    .doc("A column with the value of one header.");
pub const INCLUDE_HEADERS: Attr = block("include_headers", ALL_HEADERS)
    .rules(&[Rule::Conflicts("all", &["only", "not"])])
    .doc("A column `headers`, a map of headers and their values.");
pub const CHECK_EXPRESSION: Attr = text("check_expression").length(1, 100_000).same(same::expressions).doc(
    "An SQL expression; requests for which it is not true are turned away. Without it, anybody may send anything.",
);
pub const CHECK_OPTIONS: Attr =
    blocks("check_options", INPUT).doc("What the expression is about: the body, the headers, secrets.");

/// Changes of them that send nothing: without an expression there is no check that they could be about, and the server
/// does not keep the order of headers, bodies and secrets among each other.
pub const UNSENT: Alter = noted(&["check_options"], |prior, planned| {
    let unchecked = [prior, planned].iter().all(|value| value.get("check_expression").is_zero());
    let inputs = |value: &Value| {
        let (options, expression) = (value.get("check_options"), value.get("check_expression").as_text());
        let sent = |option| input(&Values::new(option, option), expression.unwrap_or_default()).to_string();
        let mut inputs: Vec<_> = options.items().iter().map(|option| (rank(option), sent(option))).collect();
        inputs.sort_by_key(|(rank, _)| *rank);
        options.is_wholly_known().then_some(inputs)
    };
    unchecked || inputs(prior).is_some_and(|before| inputs(planned) == Some(before))
});

/// `FROM WEBHOOK BODY FORMAT … [INCLUDE …] [CHECK (…)]`.
pub fn clauses(v: &Values) -> Statement {
    let header = |s: Statement, header: Values| {
        s.word("INCLUDE HEADER")
            .text(header.str("header"))
            .word("AS")
            .ident(&header.identifier("alias").unwrap_or_default())
            .when(header.is_true("bytes"), |s| s.word("BYTES"))
    };
    let with = v.blocks("include_header").fold(item(), header);
    let from = item().word("FROM WEBHOOK BODY FORMAT").word(&v.str("body_format").to_uppercase()).then(with);
    from.then(headers(v)).with(v.text("check_expression"), |s, expression| {
        let inputs = v.blocks("check_options").map(|option| input(&option, expression));
        s.word("CHECK").group([item().group_if_any("WITH", inputs).sql(expression)])
    })
}

/// `[INCLUDE HEADERS [(…)]]`: nothing for a block that asks for none.
fn headers(v: &Values) -> Statement {
    let Some(headers) = v.block("include_headers") else { return item() };
    let only = headers.texts("only").into_iter().map(|header| item().text(header));
    let not = headers.texts("not").into_iter().map(|header| item().word("NOT").text(header));
    let filters: Vec<Statement> = only.chain(not).collect();
    match (filters.is_empty(), headers.is_true("all")) {
        (false, _) => item().word("INCLUDE HEADERS").group(filters),
        (true, true) => item().word("INCLUDE HEADERS"),
        (true, false) => item(),
    }
}

/// A block that asks for no headers comes and goes without a statement.
pub const NO_HEADERS: Alter = noted(&["include_headers[]"], |prior, planned| {
    let known = planned.get("include_headers").is_wholly_known();
    known && headers(&Values::new(prior, prior)) == headers(&Values::new(planned, planned))
});

/// The words before each kind of input, in the order in which the server writes them, whatever the user's was.
const INPUTS: [&str; 3] = ["HEADERS", "BODY", "SECRET"];

/// The place of an input's kind in that order.
fn rank(option: &Value) -> usize {
    let field = option.get("field").items().first();
    let says = |name: &str| field.is_some_and(|field| field.get(name).as_bool() == Some(true));
    ["headers", "body"].iter().position(|name| says(name)).unwrap_or(2)
}

/// An input of the check with this expression.
fn input(v: &Values, expression: &str) -> Statement {
    let field = v.block("field");
    let says = |name: &str| field.is_some_and(|field| field.is_true(name));
    item()
        .when(says("headers"), |s| s.word("HEADERS"))
        .when(says("body"), |s| s.word("BODY"))
        .with(field.and_then(|field| field.reference_in("secret")), |s, secret| s.word("SECRET").name(&secret))
        .with(alias(v, expression), |s, alias| s.word("AS").ident(&alias))
        .when(v.is_true("bytes"), |s| s.word("BYTES"))
}

/// The alias of an input. The official provider does not quote it, so that `TOKEN` is what an expression means by
/// `TOKEN` and `token`: in small letters, if the expression says it and nowhere in quotes.
fn alias<'a>(v: &Values<'a>, expression: &str) -> Option<Cow<'a, str>> {
    let alias = v.text("alias")?;
    let said = |said: &dyn Fn(&Node) -> bool| parse(expression).is_ok_and(|sql| any_node(&sql.nodes, said));
    let small = alias.to_ascii_lowercase();
    // What the server prints of the expression has quotes around small letters.
    let bare = |node: &Node| match node {
        Node::Word(word) => word.eq_ignore_ascii_case(alias),
        Node::Name(name) => name.parts.contains(&small),
        _ => false,
    };
    let quoted = |node: &Node| matches!(node, Node::Name(name) if name.parts.iter().any(|part| part == alias));
    let folds = alias.contains(|c: char| c.is_ascii_uppercase()) && said(&bare) && !said(&quoted);
    Some(if folds { Cow::Owned(small) } else { same::identifier(alias) })
}

fn any_node(nodes: &[Node], is: &dyn Fn(&Node) -> bool) -> bool {
    nodes.iter().any(|node| match node {
        Node::Group(items) | Node::Square(items) => items.iter().any(|nodes| any_node(nodes, is)),
        node => is(node),
    })
}

/// Reads all of it.
pub fn read(found: &Found, read: &mut Value) {
    let statement = found.create_sql();
    let format = statement.after("BODY FORMAT");
    let array = starts_with(format, "JSON ARRAY");
    read.set("body_format", if array { "JSON ARRAY".into() } else { as_text(first(format)).into() });
    read_headers(found, &statement.nodes, read);
    let group = as_group(statement.after("CHECK")).first().map_or(&[][..], Vec::as_slice);
    let inputs = as_group(group.get(1..).unwrap_or_default());
    let expression = match group.last() {
        Some(Node::Sql(sql)) => Value::text(without_ids(sql)),
        _ => Value::Null,
    };
    // It cannot be altered: if there is one, it is the one that the state knows in the user's words.
    let known = found.prior.get("check_expression");
    read.set("check_expression", if known.is_zero() || expression.is_null() { expression } else { known.clone() });
    // Without an expression they were never sent, and the state may say what it likes of them.
    if !(group.is_empty() && known.is_zero()) {
        let is = |nodes: &Vec<Node>, rank: usize| starts_with(nodes, INPUTS[rank]);
        let mut left: Vec<&Vec<Node>> = inputs.iter().collect();
        let mut take = |option| Some(left.remove(left.iter().position(|nodes| is(nodes, rank(option)))?));
        let mut ordered: Vec<_> = found.prior.get("check_options").items().iter().filter_map(&mut take).collect();
        ordered.append(&mut left);
        let inputs = ordered.into_iter().enumerate().map(|(i, nodes)| read_input(found, i, nodes));
        read.set("check_options", Value::list(inputs));
    }
}

fn read_headers(found: &Found, nodes: &[Node], read: &mut Value) {
    let mut included = Vec::new();
    let mut rest = nodes;
    while let Some([header, _, alias, more @ ..]) = find(rest, "INCLUDE HEADER") {
        let text = |node| as_text(std::slice::from_ref(node));
        let prior = found.before("include_header", included.len()).get("alias");
        included.push(Value::from([
            ("header", text(header).into()),
            ("alias", same::unquoted(prior, text(alias).into())),
            ("bytes", starts_with(more, "BYTES").into()),
        ]));
        rest = more;
    }
    read.set("include_header", Value::List(included));
    let headers = find(nodes, "INCLUDE HEADERS").map(|nodes| {
        let filters = as_group(nodes);
        let (not, only): (Vec<_>, Vec<_>) = filters.iter().partition(|nodes| starts_with(nodes, "NOT"));
        let list = |filters: Vec<&Vec<Node>>| match filters.is_empty() {
            true => Value::Null,
            false => {
                let last = filters.iter().filter_map(|nodes| as_text(&nodes[nodes.len() - 1..]));
                Value::list(last.map(Value::text))
            }
        };
        Value::from([("all", filters.is_empty().into()), ("only", list(only)), ("not", list(not))])
    });
    let asked = found.prior.get("include_headers");
    let none =
        || asked.items().first().filter(|_| self::headers(&Values::new(found.prior, found.prior)).nodes.is_empty());
    read.set("include_headers", Value::list(headers.or_else(|| none().cloned())));
}

fn read_input(found: &Found, i: usize, nodes: &[Node]) -> Value {
    let secret = find(nodes, "SECRET").map(first).and_then(as_name);
    let field = Value::from([
        ("body", starts_with(nodes, "BODY").into()),
        ("headers", starts_with(nodes, "HEADERS").into()),
        ("secret", found.reference(&format!("check_options[{i}].field[0].secret"), secret)),
    ]);
    let alias: Value = find(nodes, "AS").map(first).and_then(as_text).into();
    let prior = found.before("check_options", i).get("alias");
    Value::from([
        ("field", Value::list([field])),
        ("alias", same::unquoted(prior, alias)),
        ("bytes", nodes.last().is_some_and(|last| starts_with(std::slice::from_ref(last), "BYTES")).into()),
    ])
}

/// What no rule can say: which of booleans are true.
pub fn validate(config: &Value) -> Diagnostics {
    let mut wrong = Vec::new();
    if let Some(headers) = config.get("include_headers").items().first()
        && ["all", "only", "not"].iter().all(|name| headers.get(name).is_null())
    {
        let detail = "One of `all`, `only` and `not` must be set; leave the block out to include nothing.";
        wrong.push(Diagnostic::error("No headers to include", detail).at("include_headers"));
    }
    let options = config.get("check_options");
    if !options.is_zero() && config.get("check_expression").is_zero() {
        let detail =
            "Without `check_expression` there is no check, and `check_options` do nothing: anybody may send anything.";
        wrong.push(Diagnostic::warning("Requests are not checked", detail).at("check_options"));
    }
    for option in options.items() {
        let Some(field) = option.get("field").items().first() else { continue };
        let parts = ["body", "headers", "secret"].map(|name| field.get(name));
        if !parts.iter().any(|part| part.is_unknown()) && parts.iter().filter(|part| !part.is_zero()).count() != 1 {
            let detail = "In each `field` exactly one of `body`, `headers` and `secret` must be chosen.";
            wrong.push(Diagnostic::error("Invalid field", detail).at("check_options"));
        }
    }
    wrong
}
