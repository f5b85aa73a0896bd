//! Laws of the statement tree, and the texts of a real server.

use std::path::Path;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;

/// What Materialize v26.18 printed: kind, name, `create_sql`, `redacted_create_sql`.
fn recorded() -> Vec<[String; 4]> {
    let text = include_str!("../../tests/data/create_sql.tsv");
    let unescape = |field: &str| field.replace("\\t", "\t").replace("\\n", "\n").replace("\\\\", "\\");
    let row = |line: &str| line.split('\t').map(unescape).collect::<Vec<_>>().try_into().expect("four columns");
    text.lines().skip(1).filter(|line| !line.is_empty()).map(row).collect()
}

fn create_sql(kind: &str, name: &str) -> Statement {
    let find = |schema: &str| {
        recorded()
            .into_iter()
            .find(|[k, n, sql, _]| k == kind && n == name && sql.contains(schema))
            .map(|row| row[2].clone())
    };
    // Some names are there twice; the ones in `connections` have more options.
    parse(&find("\"connections\"").or_else(|| find("")).expect("a recorded row")).expect("it parses")
}

#[test]
fn recorded_statements_print_as_they_were() {
    let rows = recorded();
    assert!(rows.len() >= 87, "only {} rows", rows.len());
    for [kind, name, text, _] in rows {
        let statement = parse(&text).unwrap_or_else(|error| panic!("{kind} {name}: {error}\n{text}"));
        // The server forgets a blank between a broker and its tunnel.
        assert_eq!(statement.to_string(), text.replace("'USING SSH", "' USING SSH"), "{kind} {name}");
        assert_eq!(statement.object_name().map(Name::last), Some(name.as_str()), "{kind} {name}");
    }
}

#[test]
fn redacted_statements_have_the_same_shape() {
    fn alike(whole: &[Node], redacted: &[Node]) -> bool {
        whole.len() == redacted.len()
            && whole.iter().zip(redacted).all(|(whole, redacted)| match (whole, redacted) {
                // Bare names, and literals of expressions hidden.
                (Node::Name(name), Node::Word(word)) => name.parts == [word.clone()],
                (_, Node::Text(text)) if text == "<REDACTED>" => true,
                (Node::Sql(_), Node::Sql(_)) => true,
                (Node::Group(a), Node::Group(b)) | (Node::Square(a), Node::Square(b)) => {
                    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
                }
                (a, b) => a == b,
            })
    }
    for [kind, name, whole, redacted] in recorded() {
        let (whole, redacted) = (parse(&whole).expect("it parses"), parse(&redacted).expect("it parses"));
        assert!(alike(&whole.nodes, &redacted.nodes), "{kind} {name}:\n{whole}\n{redacted}");
    }
}

#[test]
fn queries_and_conditions_are_kept_as_they_are() {
    let view = create_sql("view", "v");
    let query = "SELECT \"id\", \"note\", 1 AS \"one\" FROM [u17 AS \"materialize\".\"objects\".\"t2\" VERSION 0]";
    assert_eq!(view.query(), Some(query));
    assert_eq!(view.nodes.last(), Some(&Node::Sql(query.to_owned())));

    let view = create_sql("materialized view", "mv");
    assert!(view.query().is_some_and(|query| query.ends_with("GROUP BY \"id\"")));
    assert_eq!(as_number(view.after("AS OF")), Some("1795396625425"));
    assert!(!view.nodes.iter().any(|node| matches!(node, Node::Name(name) if name.last() == "t2")));

    let hook = create_sql("source", "hook");
    let [check] = hook.group_after("CHECK").expect("a group") else { panic!("one item") };
    let [Node::Word(with), Node::Group(inputs), Node::Sql(condition)] = check.as_slice() else { panic!("{check:?}") };
    assert_eq!((with.as_str(), condition.as_str()), ("WITH", "\"headers\" -> 'x-api-key' = \"key\""));
    assert_eq!(as_text(&inputs[0]), Some("HEADERS"));
    assert_eq!(as_secret(&inputs[1][..2]).map(Name::last), Some("pw"));

    let bare =
        parse("CREATE SOURCE \"h\" FROM WEBHOOK BODY FORMAT JSON CHECK ((true) OR 'a)' = \")\")").expect("it parses");
    assert_eq!(bare.group_after("CHECK"), Some(&[vec![Node::Sql("(true) OR 'a)' = \")\"".into())]][..]));
    assert_eq!(parse("CHECK ()").expect("it parses").group_after("CHECK"), Some(&[][..]));
}

#[test]
fn options_are_found() {
    let pg = create_sql("connection", "pg");
    let group = pg.group_after("TO POSTGRES").expect("a group");
    assert_eq!(option(group, "HOST").and_then(as_text), Some("pg.example.com"));
    assert_eq!(option(group, "PORT").and_then(as_number), Some("5433"));
    assert_eq!(option(group, "PASSWORD").and_then(as_secret).and_then(|name| name.id.as_deref()), Some("u1"));
    assert_eq!(option(group, "SSL MODE").and_then(as_text), Some("require"));
    assert_eq!(option(group, "SSL"), None);
    assert_eq!(options(group).len(), 6);

    let kafka = create_sql("connection", "k");
    let group = kafka.group_after("to kafka").expect("a group");
    assert_eq!(option(group, "SECURITY PROTOCOL").and_then(as_text), Some("plaintext"));
    let Some([Node::Group(brokers)]) = option(group, "BROKERS") else { panic!("brokers") };
    assert_eq!(as_text(&brokers[0]), Some("b1:9092"));
    let tunnel = find(&brokers[1], "USING SSH TUNNEL").and_then(as_name);
    assert_eq!(tunnel.map(Name::to_string).as_deref(), Some("[u2 AS \"materialize\".\"connections\".\"ssh\"]"));

    let link = create_sql("connection", "k6");
    let [link] = link
        .group_after("TO KAFKA")
        .map(|group| [option(group, "AWS PRIVATELINK").expect("it is there")])
        .expect("a group");
    let [Node::Name(_), Node::Group(inner)] = link else { panic!("{link:?}") };
    assert_eq!(option(inner, "PORT").and_then(as_number), Some("9001"));

    let ssh = create_sql("connection", "ssh");
    let keys = ssh.group_after("TO SSH TUNNEL").expect("a group");
    assert!(option(keys, "PUBLIC KEY 1").and_then(as_text).is_some_and(|key| key.starts_with("ssh-ed25519 ")));

    let zones = create_sql("connection", "pl");
    let zones =
        option(zones.group_after("TO AWS PRIVATELINK").expect("a group"), "AVAILABILITY ZONES").map(<[Node]>::to_vec);
    assert_eq!(zones.as_deref().and_then(as_texts), Some(vec!["use1-az1", "use1-az2"]));

    let source = create_sql("source", "kt");
    assert_eq!(source.name_after("IN CLUSTER").and_then(|name| name.id.as_deref()), Some("u3"));
    assert_eq!(source.name_after("KAFKA CONNECTION").map(Name::last), Some("k"));
    assert_eq!(source.word_after("ENVELOPE"), Some("UPSERT"));
    assert_eq!(source.name_after("EXPOSE PROGRESS AS").map(Name::last), Some("kt_progress"));
    assert_eq!(source.name_after("INCLUDE KEY AS").map(Name::last), Some("the_key"));
    assert!(source.has("value format text") && !source.has("FORMAT JSON"));
    let options = source.group_after("KAFKA CONNECTION").expect("a group");
    let Some([Node::Group(offsets)]) = option(options, "START OFFSET") else { panic!("offsets") };
    assert_eq!(offsets.iter().map(|item| as_number(item)).collect::<Vec<_>>(), [Some("0")]);

    let upsert = create_sql("source", "kups");
    let errors =
        option(upsert.group_after("ENVELOPE UPSERT").expect("a group"), "VALUE DECODING ERRORS").map(<[Node]>::to_vec);
    let Some([Node::Group(inline)]) = errors.as_deref() else { panic!("{errors:?}") };
    assert_eq!(option(inline, "INLINE AS").and_then(as_text), Some("my_err"));

    let sink = create_sql("sink", "j");
    let config = sink.group_after("KAFKA CONNECTION").and_then(|group| option(group, "TOPIC CONFIG"));
    assert_eq!(config.and_then(as_text_map), Some(vec![("cleanup.policy", "compact")]));
    assert_eq!(sink.name_after("FROM").and_then(|name| name.version), Some(0));
    assert_eq!(sink.group_after("KEY").map(|items| items.len()), Some(1));

    let avro = create_sql("sink", "a2");
    let options = avro.group_after("REGISTRY CONNECTION").expect("a group");
    assert_eq!(option(options, "NULL DEFAULTS").and_then(as_bool), Some(true));
    assert!(
        matches!(option(options, "DOC ON TYPE"), Some([Node::Name(_), Node::Symbol(_), Node::Text(doc)]) if doc == "doc")
    );
    assert_eq!(option(avro.group_after("UPSERT WITH").expect("a group"), "SNAPSHOT").and_then(as_bool), Some(false));

    let source = create_sql("source", "pg");
    let as_names = |nodes: &[Node]| match nodes {
        [Node::Group(items)] => items.iter().map(|item| as_name(item).cloned()).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let columns =
        option(source.group_after("POSTGRES CONNECTION").expect("a group"), "TEXT COLUMNS").map(<[Node]>::to_vec);
    let columns =
        columns.as_deref().and_then(as_names).map(|names| names.iter().map(|n| n.parts.join("/")).collect::<Vec<_>>());
    assert_eq!(columns, Some(vec!["shop/public/customers/note".to_owned()]));

    let none = parse("DROP VIEW \"v\"").expect("it parses");
    assert!(none.after("IN CLUSTER").is_empty() && none.group_after("VIEW").is_none() && none.query().is_none());
    assert_eq!(
        (as_text(&[]), as_number(&[]), as_name(&[]), as_secret(&[]), as_texts(&[])),
        (None, None, None, None, None)
    );
}

#[test]
fn column_types_are_read_with_their_modifiers() {
    let types = |table: &str| -> Vec<String> {
        let statement = create_sql("table", table);
        let Some(Node::Group(columns)) = statement.nodes.iter().find(|node| matches!(node, Node::Group(_))) else {
            panic!("columns")
        };
        columns.iter().map(|column| column_type(column).expect("a type")).collect()
    };
    assert_eq!(
        types("t2"),
        ["integer", "text", "numeric(10,2)", "timestamp without time zone", "text list", "map[text=>integer]", "jsonb"]
    );
    assert_eq!(
        types("Weird \"T\""),
        [
            "integer", "character varying(20)", "character(3)", "real", "double precision", "timestamp with time zone",
            "bytea", "uuid", "oid", "interval"
        ]
    );
    assert_eq!(types("uses")[0], "\"materialize\".\"objects\".\"address\"");
}

#[test]
fn statements_read_like_sql() {
    let name = Name::new(["d", "s", "it\"s"]);
    let create = Statement::create(Kind::Connection, &name).word("TO POSTGRES").group([
        item().word("HOST").symbol("=").text("it's"),
        item().word("PASSWORD").symbol("=").secret("hunter2!"),
        item().word("PORT").symbol("=").number(5432),
    ]);
    let shown =
        r#"CREATE CONNECTION "d"."s"."it""s" TO POSTGRES (HOST = 'it''s', PASSWORD = '<REDACTED>', PORT = 5432)"#;
    assert_eq!(create.to_string(), shown);
    assert_eq!(create.expose(), shown.replace("<REDACTED>", "hunter2!"));
    assert_eq!(create.secrets(), ["hunter2!"]);
    for (statement, text) in [
        (Statement::drop(Kind::ClusterReplica, &Name::new(["c", "r"])), r#"DROP CLUSTER REPLICA "c"."r""#),
        (Statement::comment(Kind::View, &Name::new(["v"]), Some("a; -- b")), r#"COMMENT ON VIEW "v" IS 'a; -- b'"#),
        (Statement::comment(Kind::View, &Name::new(["v"]), None), r#"COMMENT ON VIEW "v" IS NULL"#),
        (item().word("DROP SOURCE").list([item().ident("a"), item().ident("b")]), r#"DROP SOURCE "a", "b""#),
        (item().ident("c").sql("int -- four bytes").word("NOT NULL"), "\"c\" int -- four bytes\n NOT NULL"),
        (item().word("MAP").push(Node::Square(vec![item().text("k").symbol("=>").text("v").nodes])), "MAP['k' => 'v']"),
        (
            Statement::alter(Kind::Role, &Name::new(["r"]))
                .with(Some("x"), |s, x| s.text(x))
                .when(false, |s| s.word("NO")),
            "ALTER ROLE \"r\" 'x'",
        ),
    ] {
        assert_eq!(statement.to_string(), text);
    }
}

#[test]
fn what_is_no_statement_is_an_error() {
    for (text, message, at) in [
        ("SELECT 'a", "a quote or comment is not closed", 7),
        ("SELECT \"a", "a quote or comment is not closed", 7),
        ("CREATE VIEW v AS SELECT 1 /* x", "a quote or comment is not closed", 26),
        ("CREATE (a, b", "a bracket is not closed", 12),
        ("CREATE (a]", "brackets do not match", 9),
        ("CREATE a)", "a bracket closes that was not opened", 8),
        ("DROP a; DROP b", "more than one statement", 6),
        ("CHECK (a", "a bracket is not closed", 8),
    ] {
        assert_eq!(parse(text), Err(ParseError { message, at }), "{text}");
    }
    let deep = |count| parse(&format!("{}{}", "(".repeat(count), ")".repeat(count)));
    assert!(deep(100).is_ok());
    assert_eq!(deep(101).map_err(|error| error.message), Err("too many brackets in each other"));
    assert_eq!(
        parse(&"[u1 AS ".repeat(100_000)).map_err(|error| error.message),
        Err("too many brackets in each other")
    );
    assert_eq!(parse("").map(|statement| statement.nodes), Ok(Vec::new()));
}

/// Texts that have meant trouble somewhere.
fn hostile() -> impl Strategy<Value = String> {
    const TROUBLE: &[&str] = &[
        "'", "\"", "''", "\"\"", "\\", "\\'", "$1", "--", "/*", "*/", ";", "\n", "\r\n", "\t", "\0", "(", ")", "[",
        "]", "[u7]", ",", ".", "select", "CREATE VIEW", "AS", "E'", "é", "🦀", "\u{202e}", " ", "NULL", "<REDACTED>",
    ];
    let piece = prop_oneof![3 => prop::sample::select(TROUBLE).prop_map(str::to_owned), 1 => any::<String>()];
    prop_oneof![9 => vec(piece, 0..6).prop_map(|pieces| pieces.concat()), 1 => Just("x".repeat(255))]
}

fn name() -> impl Strategy<Value = Name> {
    let id = || "(u|s|si|t)[0-9]{1,4}";
    let parts = || vec(hostile(), 1..4);
    prop_oneof![
        4 => parts().prop_map(Name::new),
        2 => (id(), parts(), option::of(any::<u64>()))
            .prop_map(|(id, parts, version)| Name { id: Some(id), version, ..Name::new(parts) }),
        1 => id().prop_map(|id| Name { id: Some(id), ..Name::default() }),
        1 => Just(Name::new(["pg_catalog", "now"])),
    ]
}

/// Nodes that every parse of their text gives back. A secret comes back as a text, and what users wrote where they
/// wrote it; both have tests of their own.
fn node() -> impl Strategy<Value = Node> {
    const WORDS: &[&str] = &["IN", "CLUSTER", "SSL", "AS", "OF", "list", "map", "ARRAY", "true", "_x1", "VERSION"];
    const SYMBOLS: &[&str] = &["=", "=>", "::", "->", "*", "-", "+", "/", "<", "||", "@>", "?"];
    let leaf = prop_oneof![
        prop::sample::select(WORDS).prop_map(|word| Node::Word(word.to_owned())),
        prop::sample::select(SYMBOLS).prop_map(|symbol| Node::Symbol(symbol.to_owned())),
        name().prop_map(Node::Name),
        hostile().prop_map(Node::Text),
        r"[0-9]{1,20}(\.[0-9]{1,5})?(e[+-]?[0-9]{1,2})?".prop_map(Node::Number),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let negative = (-9999i64..0).prop_map(|number| vec![Node::Number(number.to_string())]);
        let items = || vec(prop_oneof![4 => vec(inner.clone(), 1..4), 1 => negative.clone()], 0..4);
        prop_oneof![items().prop_map(Node::Group), items().prop_map(Node::Square)]
    })
}

/// Text that looks like SQL, at least in places.
fn sqlish() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "CREATE ", "VIEW ", "AS ", "OF ", "CHECK ", "WITH ", "(", ")", "[", "]", "[u7 AS ", "VERSION ", "0 ", "::",
        "map[", "=>", "cast(", "int ", "timestamp", "(3)", " with time zone", "-", "1", ".5", "e", "now()", ",",
        "\"a\".", "NULL ", "at time zone ", "not ", "like ", "escape ", "case ", "end ", "trim(", "substring(",
        "from ", "for ", "interval ", "'1'", "day ", "recursive ", "over ", "array[", "a ",
    ];
    let piece = prop_oneof![4 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => hostile()];
    vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn printing_and_parsing_are_inverse(nodes in vec(node(), 0..8)) {
        let statement = Statement { nodes };
        prop_assert_eq!(parse(&statement.expose()), Ok(statement));
    }

    #[test]
    fn queries_come_back(name in name(), column in hostile(), text in hostile(), as_of in option::of(any::<u64>())) {
        let query = format!("SELECT {} || {} -- no; comment\n FROM (VALUES (1))", quote_ident(&column), quote_text(&text));
        let view = item().word("CREATE MATERIALIZED VIEW").name(&name).group([item().ident(&column)]).word("AS").sql(&query);
        let view = view.with(as_of, |s, time| s.word("AS OF").number(time));
        prop_assert_eq!(view.query(), Some(query.as_str()));
        prop_assert_eq!(parse(&view.expose()), Ok(view));
    }

    #[test]
    fn no_text_is_too_strange(a in sqlish(), b in sqlish()) {
        if let Ok(statement) = parse(&a) {
            let again = parse(&statement.expose());
            prop_assert!(again.is_ok(), "{} became {}", a, statement);
            let _ = (statement.object_name(), statement.query(), column_type(&statement.nodes));
            options(std::slice::from_ref(&statement.nodes));
        }
        let _ = (same_resolved_query(&a, &b), same_expression(&a, &b), same_query(&a, &b), same_type(&a, &b));
        let _ = (without_ids(&a), canonical_type(&a));
        prop_assert!(same_expression(&a, &a) && same_query(&a, &a) && same_type(&a, &a) && same_resolved_query(&a, &a));
    }

    #[test]
    fn secrets_are_never_shown(secret in "[A-Z]{4}[0-9]{6}", around in vec(node(), 0..4), hostile in hostile()) {
        let secret = format!("{hostile}{secret}");
        let inner = item().word("PASSWORD").symbol("=").secret(&secret);
        let statement = Statement { nodes: around.clone() }.secret(&secret).group([inner.clone(), item().group([inner])]);
        let mark = &secret[secret.len() - 10..];
        let shown = format!("{statement} {statement:?} {statement:#?} {:?}", statement.nodes);
        prop_assume!(!format!("{:?}", Statement { nodes: around }).contains(mark));
        prop_assert!(!shown.contains(mark), "{}", shown);
        prop_assert!(shown.contains("'<REDACTED>'"));
        prop_assert_eq!(statement.secrets(), vec![secret.as_str(); 3]);
        prop_assert_eq!(statement.expose().matches(&quote_text(&secret)).count(), 3);
    }

    #[test]
    fn literals_stay_literals(text in hostile()) {
        prop_assert_eq!(parse(&quote_text(&text)), Ok(item().text(&text)));
        prop_assert_eq!(parse(&quote_ident(&text)), Ok(item().ident(&text)));
    }
}

/// Statements that are put together as text: a macro or call, and a literal that starts with a verb. The ids of grants
/// look a little like it: `GRANT DEFAULT|TABLE|…`.
fn pasted_statements(code: &str) -> Vec<&str> {
    let verbs = ["CREATE ", "ALTER ", "DROP ", "GRANT ", "REVOKE ", "COMMENT ON "];
    ["format!(", "write!(", "writeln!(", "concat!(", "format_args!(", "push_str("]
        .iter()
        .flat_map(|call| code.match_indices(call).map(|(at, call)| &code[at + call.len()..]))
        .filter_map(|arguments| arguments.split_once('"'))
        .filter(|(before, literal)| before.len() < 40 && verbs.iter().any(|verb| literal.starts_with(verb)))
        .map(|(_, literal)| literal.lines().next().unwrap_or_default())
        .filter(|line| !line.split(' ').nth(1).is_some_and(|word| word.contains('|')))
        .collect()
}

#[test]
fn statements_are_printed_only_here() {
    fn scan(folder: &Path, found: &mut Vec<String>, files: &mut usize) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                scan(&path, found, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let code = std::fs::read_to_string(&path).expect("a text");
                found.extend(pasted_statements(&code).iter().map(|text| format!("{}: {text}", path.display())));
                *files += 1;
            }
        }
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut files) = (Vec::new(), 0);
    for entry in std::fs::read_dir(&source).expect("a folder").flatten().filter(|entry| entry.file_name() != "sql") {
        if entry.path().is_dir() {
            scan(&entry.path(), &mut found, &mut files);
        }
    }
    assert!(files > 20, "only {files} files");
    assert_eq!(found, Vec::<String>::new());

    let sample = concat!("let a = format!(\n  \"CREATE", " VIEW {name}\"); write!(out, \"DROP", " {kind}\")");
    assert_eq!(pasted_statements(sample).len(), 2);
}
