//! Every argument of every resource has a wrong value here, and each gives an error that names the attribute and says
//! what is allowed, before anything is sent: there is no server in these tests.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::hcl;
use crate::support::terraform::{Diagnostic, Terraform, binaries, provider_file};

/// A resource that is valid, and what is wrong with it in turn.
struct Table {
    kind: &'static str,
    valid: &'static str,
    rows: &'static [Row],
}

/// The attribute, the lines that take the place of its top-level attribute or block, and what the error says. An empty
/// text takes it away. `=` before the lines: they are added to what is there.
type Row = (&'static str, &'static str, &'static str);

const NUL: &str = "NUL";
const BOOL: &str = "bool is required";
const BYTES: &str = "1 to 255 bytes";
const COMMENT: Row = ("comment", "comment = format(\"%01025d\", 0)", "at most 1024 bytes");
const OWNER: Row = ("ownership_role", "ownership_role = \"\"", BYTES);
const REGION: Row = ("region", "region = \"a\\u0000\"", NUL);
const NAME: Row = ("name", "name = \"\"", BYTES);
const LONG_NAME: Row = ("name", "name = format(\"%0256d\", 0)", BYTES);
const NO_NAME: Row = ("name", "", "required");
const DATABASE: Row = ("database_name", "database_name = \"\"", BYTES);
const SCHEMA: Row = ("schema_name", "schema_name = \"\"", BYTES);
const WHOLE: &str = "whole number";

const TABLES: &[Table] = &[
    Table {
        kind: "database",
        valid: "name = \"d\"",
        rows: &[NAME, LONG_NAME, NO_NAME, ("name", "name = \"a\\u0000b\"", NUL), COMMENT, OWNER, REGION],
    },
    Table {
        kind: "schema",
        valid: "name = \"s\"",
        rows: &[NAME, COMMENT, OWNER, REGION, DATABASE, ("identify_by_name", "identify_by_name = \"maybe\"", BOOL)],
    },
    Table {
        kind: "role",
        valid: "name = \"r\"",
        rows: &[
            NAME,
            COMMENT,
            REGION,
            ("create_if_not_exists", "create_if_not_exists = \"maybe\"", BOOL),
            ("login", "login = \"maybe\"", BOOL),
            ("superuser", "superuser = \"maybe\"", BOOL),
            ("password", "password = \"a\\u0000b\"", NUL),
            ("password_wo", "password_wo = \"x\"", "password_wo_version"),
            ("password_wo_version", "password_wo_version = 1", "password_wo"),
            ("password_wo_version", "password_wo = \"x\"\npassword_wo_version = 1.5", WHOLE),
        ],
    },
    Table {
        kind: "role_grant",
        valid: "role_name = \"a\"\nmember_name = \"b\"",
        rows: &[
            ("role_name", "role_name = \"\"", BYTES),
            ("member_name", "member_name = \"\"", BYTES),
            ("member_name", "", "required"),
            REGION,
        ],
    },
    Table {
        kind: "role_parameter",
        valid: "role_name = \"a\"\nvariable_name = \"cluster\"\nvariable_value = \"c\"",
        rows: &[
            ("role_name", "role_name = \"\"", BYTES),
            ("variable_name", "variable_name = \"\"", BYTES),
            ("variable_value", "variable_value = \"a\\u0000\"", NUL),
            ("variable_value", "", "required"),
            REGION,
        ],
    },
    Table {
        kind: "system_parameter",
        valid: "name = \"max_tables\"\nvalue = \"5\"",
        rows: &[NAME, ("value", "value = \"a\\u0000\"", NUL), ("value", "", "required"), REGION],
    },
    Table {
        kind: "network_policy",
        valid: "name = \"p\"\nrule {\nname = \"r\"\naction = \"allow\"\ndirection = \"ingress\"\naddress = \"10.0.0.0/8\"\n}",
        rows: &[
            NAME,
            COMMENT,
            REGION,
            ("rule", "", "At least 1"),
            (
                "rule.name",
                "rule {\nname = \"\"\naction = \"allow\"\ndirection = \"ingress\"\naddress = \"10.0.0.0/8\"\n}",
                BYTES,
            ),
            (
                "rule.action",
                "rule {\nname = \"r\"\naction = \"deny\"\ndirection = \"ingress\"\naddress = \"10.0.0.0/8\"\n}",
                "\"allow\"",
            ),
            (
                "rule.direction",
                "rule {\nname = \"r\"\naction = \"allow\"\ndirection = \"egress\"\naddress = \"10.0.0.0/8\"\n}",
                "\"ingress\"",
            ),
            (
                "rule.address",
                "rule {\nname = \"r\"\naction = \"allow\"\ndirection = \"ingress\"\naddress = \"home\"\n}",
                "CIDR",
            ),
            (
                "rule.address",
                "rule {\nname = \"r\"\naction = \"allow\"\ndirection = \"ingress\"\naddress = \"10.0.0.0/33\"\n}",
                "CIDR",
            ),
        ],
    },
    Table {
        kind: "secret",
        valid: "name = \"s\"\nvalue = \"x\"",
        rows: &[
            NAME,
            COMMENT,
            OWNER,
            REGION,
            DATABASE,
            SCHEMA,
            ("value", "", "value_wo"),
            ("value", "value = \"a\\u0000\"", NUL),
            ("value", "=value_wo = \"y\"\nvalue_wo_version = 1", "value_wo"),
            ("value_wo", "value = null\nvalue_wo = \"y\"", "value_wo_version"),
            ("value_wo_version", "=value_wo_version = 1", "value_wo"),
            ("value_wo_version", "value = null\nvalue_wo = \"y\"\nvalue_wo_version = 0.5", WHOLE),
        ],
    },
    Table {
        kind: "cluster",
        valid: "name = \"c\"\nsize = \"25cc\"",
        rows: &[
            NAME,
            COMMENT,
            OWNER,
            REGION,
            ("size", "size = \"a\\u0000\"", NUL),
            ("replication_factor", "replication_factor = -1", "between 0"),
            ("replication_factor", "size = null\nreplication_factor = 1", "size"),
            ("availability_zones", "availability_zones = [\"\"]", "empty"),
            ("availability_zones", "availability_zones = \"a\"", "list of string"),
            ("introspection_interval", "introspection_interval = \"soon\"", "interval"),
            ("introspection_debugging", "introspection_debugging = \"maybe\"", BOOL),
            ("identify_by_name", "identify_by_name = \"maybe\"", BOOL),
            ("disk", "disk = \"maybe\"", BOOL),
            (
                "scheduling",
                "replication_factor = 1\nscheduling {\non_refresh {\nenabled = true\n}\n}",
                "replication_factor",
            ),
            ("scheduling.on_refresh", "scheduling {\non_refresh {\n}\non_refresh {\n}\n}", "1"),
            ("scheduling.on_refresh.enabled", "scheduling {\non_refresh {\nenabled = \"maybe\"\n}\n}", BOOL),
            (
                "scheduling.on_refresh.hydration_time_estimate",
                "scheduling {\non_refresh {\nhydration_time_estimate = \"long\"\n}\n}",
                "interval",
            ),
            (
                "scheduling.on_refresh.rehydration_time_estimate",
                "scheduling {\non_refresh {\nrehydration_time_estimate = \"long\"\n}\n}",
                "interval",
            ),
            ("wait_until_ready", "wait_until_ready {\n}\nwait_until_ready {\n}", "1"),
            ("wait_until_ready.enabled", "wait_until_ready {\nenabled = \"maybe\"\n}", BOOL),
            ("wait_until_ready.timeout", "wait_until_ready {\ntimeout = \"10 minutes\"\n}", "\"10m\""),
            ("wait_until_ready.on_timeout", "wait_until_ready {\non_timeout = \"GIVE UP\"\n}", "\"ROLLBACK\""),
            ("auto_scaling_strategy", "auto_scaling_strategy {\n}", "on_hydration"),
            ("auto_scaling_strategy.on_hydration", "auto_scaling_strategy {\non_hydration {\n}\n}", "hydration_size"),
            (
                "auto_scaling_strategy.on_hydration.hydration_size",
                "auto_scaling_strategy {\non_hydration {\nhydration_size = \"\"\n}\n}",
                BYTES,
            ),
            (
                "auto_scaling_strategy.on_hydration.linger_duration",
                "auto_scaling_strategy {\non_hydration {\nhydration_size = \"100cc\"\nlinger_duration = \"1 m\"\n}\n}",
                "\"10m\"",
            ),
        ],
    },
    Table {
        kind: "cluster_replica",
        valid: "name = \"r\"\ncluster_name = \"c\"\nsize = \"25cc\"",
        rows: &[
            NAME,
            COMMENT,
            REGION,
            ("cluster_name", "cluster_name = \"\"", BYTES),
            ("size", "size = \"\"", BYTES),
            ("availability_zone", "availability_zone = \"a\\u0000\"", NUL),
            ("introspection_interval", "introspection_interval = \"soon\"", "interval"),
            ("introspection_debugging", "introspection_debugging = \"maybe\"", BOOL),
            ("disk", "disk = \"maybe\"", BOOL),
        ],
    },
    Table {
        kind: "table",
        valid: "name = \"t\"\ncolumn {\nname = \"a\"\ntype = \"int\"\n}",
        rows: &[
            NAME,
            COMMENT,
            OWNER,
            REGION,
            DATABASE,
            SCHEMA,
            ("column", "", "At least 1"),
            ("column.name", "column {\nname = \"\"\ntype = \"int\"\n}", BYTES),
            ("column.type", "column {\nname = \"a\"\ntype = \"\"\n}", "1 to"),
            ("column.nullable", "column {\nname = \"a\"\ntype = \"int\"\nnullable = \"maybe\"\n}", BOOL),
            ("column.default", "column {\nname = \"a\"\ntype = \"int\"\ndefault = \"\"\n}", "1 to"),
            (
                "column.comment",
                "column {\nname = \"a\"\ntype = \"int\"\ncomment = format(\"%01025d\", 0)\n}",
                "1024 bytes",
            ),
        ],
    },
    Table {
        kind: "view",
        valid: "name = \"v\"\nstatement = \"SELECT 1\"",
        rows: &[
            NAME,
            COMMENT,
            OWNER,
            REGION,
            DATABASE,
            SCHEMA,
            ("statement", "statement = \"\"", "1 to"),
            ("statement", "", "required"),
        ],
    },
    Table {
        kind: "index",
        valid: "name = \"i\"\ncluster_name = \"c\"\nobj_name {\nname = \"v\"\n}\ncol_expr {\nfield = \"a\"\n}",
        rows: &[
            NAME,
            COMMENT,
            REGION,
            ("cluster_name", "cluster_name = \"\"", BYTES),
            ("method", "method = \"BTREE\"", "\"ARRANGEMENT\""),
            ("default", "=default = true", "name"),
            ("default", "name = null", "default"),
            ("default", "name = null\ndefault = true", "col_expr"),
            ("obj_name", "", "At least 1"),
            ("obj_name.name", "obj_name {\nname = \"\"\n}", BYTES),
            ("obj_name.schema_name", "obj_name {\nname = \"v\"\nschema_name = \"\"\n}", BYTES),
            ("obj_name.database_name", "obj_name {\nname = \"v\"\ndatabase_name = \"\"\n}", BYTES),
            ("col_expr", "", "col_expr"),
            ("col_expr.field", "col_expr {\nfield = \"\"\n}", "1 to"),
        ],
    },
    Table {
        kind: "table_grant",
        valid: "role_name = \"r\"\nprivilege = \"SELECT\"\ntable_name = \"t\"\nschema_name = \"s\"\ndatabase_name = \"d\"",
        rows: &[
            REGION,
            DATABASE,
            SCHEMA,
            ("role_name", "role_name = \"\"", BYTES),
            ("table_name", "table_name = \"\"", BYTES),
            ("privilege", "privilege = \"USAGE\"", "\"SELECT\", \"INSERT\", \"UPDATE\", \"DELETE\""),
            ("privilege", "privilege = \"select\"", "\"SELECT\""),
        ],
    },
    Table {
        kind: "table_grant_default_privilege",
        valid: "grantee_name = \"g\"\ntarget_role_name = \"t\"\nprivilege = \"SELECT\"",
        rows: &[
            REGION,
            DATABASE,
            ("schema_name", "database_name = \"d\"\nschema_name = \"\"", BYTES),
            ("schema_name", "schema_name = \"s\"", "database_name"),
            ("grantee_name", "grantee_name = \"\"", BYTES),
            ("target_role_name", "target_role_name = \"\"", BYTES),
            ("privilege", "privilege = \"USAGE\"", "\"SELECT\""),
        ],
    },
    Table {
        kind: "source_load_generator",
        valid: "name = \"g\"\nload_generator_type = \"TPCH\"",
        rows: &[
            NAME,
            COMMENT,
            OWNER,
            REGION,
            DATABASE,
            SCHEMA,
            ("cluster_name", "cluster_name = \"\"", BYTES),
            ("load_generator_type", "load_generator_type = \"WEATHER\"", "\"AUCTION\""),
            ("auction_options", "auction_options {\ntick_interval = \"1s\"\n}", "AUCTION"),
            (
                "auction_options",
                "load_generator_type = \"AUCTION\"\nauction_options {\n}\ntpch_options {\n}",
                "tpch_options",
            ),
            (
                "auction_options.tick_interval",
                "load_generator_type = \"AUCTION\"\nauction_options {\ntick_interval = \"soon\"\n}",
                "interval",
            ),
            (
                "auction_options.scale_factor",
                "load_generator_type = \"AUCTION\"\nauction_options {\nscale_factor = \"much\"\n}",
                "number is required",
            ),
            ("marketing_options", "marketing_options {\ntick_interval = \"1s\"\n}", "MARKETING"),
            (
                "marketing_options.tick_interval",
                "load_generator_type = \"MARKETING\"\nmarketing_options {\ntick_interval = \"soon\"\n}",
                "interval",
            ),
            (
                "marketing_options.scale_factor",
                "load_generator_type = \"MARKETING\"\nmarketing_options {\nscale_factor = \"much\"\n}",
                "number is required",
            ),
            ("tpch_options", "load_generator_type = \"AUCTION\"\ntpch_options {\n}", "TPCH"),
            ("tpch_options.tick_interval", "tpch_options {\ntick_interval = \"soon\"\n}", "interval"),
            ("tpch_options.scale_factor", "tpch_options {\nscale_factor = -1\n}", "scale_factor"),
            ("expose_progress", "expose_progress {\n}", "name"),
            ("expose_progress.name", "expose_progress {\nname = \"\"\n}", BYTES),
            ("expose_progress.schema_name", "expose_progress {\nname = \"p\"\nschema_name = \"\"\n}", BYTES),
            ("expose_progress.database_name", "expose_progress {\nname = \"p\"\ndatabase_name = \"\"\n}", BYTES),
        ],
    },
    Table { kind: "connection_kafka", valid: "name = \"k\"\nkafka_broker {\nbroker = \"b:9092\"\n}", rows: KAFKA },
];

const KAFKA: &[Row] = &[
    NAME,
    COMMENT,
    OWNER,
    REGION,
    DATABASE,
    SCHEMA,
    ("validate", "validate = \"maybe\"", BOOL),
    ("security_protocol", "security_protocol = \"TLS\"", "\"SASL_PLAINTEXT\""),
    ("sasl_mechanisms", "sasl_mechanisms = \"MD5\"", "\"SCRAM-SHA-256\""),
    ("sasl_mechanisms", "sasl_mechanisms = \"PLAIN\"", "sasl_username"),
    ("progress_topic", "progress_topic = format(\"%0250d\", 0)", "at most 249 bytes"),
    ("progress_topic_replication_factor", "progress_topic_replication_factor = 0", "between"),
    ("kafka_broker", "", "kafka_broker"),
    (
        "kafka_broker",
        "=aws_privatelink {\nprivatelink_connection_port = 1\nprivatelink_connection {\nname = \"p\"\n}\n}",
        "kafka_broker",
    ),
    ("kafka_broker.broker", "kafka_broker {\nbroker = \"\"\n}", "1 to"),
    ("kafka_broker.target_group_port", "kafka_broker {\nbroker = \"b\"\ntarget_group_port = 70000\n}", "65535"),
    ("kafka_broker.availability_zone", "kafka_broker {\nbroker = \"b\"\navailability_zone = \"a\\u0000\"\n}", NUL),
    ("kafka_broker.ssh_tunnel", "kafka_broker {\nbroker = \"b\"\nssh_tunnel {\n}\n}", "name"),
    ("kafka_broker.ssh_tunnel.name", "kafka_broker {\nbroker = \"b\"\nssh_tunnel {\nname = \"\"\n}\n}", BYTES),
    (
        "kafka_broker.ssh_tunnel.schema_name",
        "kafka_broker {\nbroker = \"b\"\nssh_tunnel {\nname = \"t\"\nschema_name = \"\"\n}\n}",
        BYTES,
    ),
    (
        "kafka_broker.ssh_tunnel.database_name",
        "kafka_broker {\nbroker = \"b\"\nssh_tunnel {\nname = \"t\"\ndatabase_name = \"\"\n}\n}",
        BYTES,
    ),
    ("kafka_broker.privatelink_connection", "kafka_broker {\nbroker = \"b\"\nprivatelink_connection {\n}\n}", "name"),
    (
        "kafka_broker.privatelink_connection.name",
        "kafka_broker {\nbroker = \"b\"\nprivatelink_connection {\nname = \"\"\n}\n}",
        BYTES,
    ),
    (
        "kafka_broker.privatelink_connection.schema_name",
        "kafka_broker {\nbroker = \"b\"\nprivatelink_connection {\nname = \"p\"\nschema_name = \"\"\n}\n}",
        BYTES,
    ),
    (
        "kafka_broker.privatelink_connection.database_name",
        "kafka_broker {\nbroker = \"b\"\nprivatelink_connection {\nname = \"p\"\ndatabase_name = \"\"\n}\n}",
        BYTES,
    ),
    ("broker_matching_rule", "=broker_matching_rule {\npattern = \"*\"\n}", "privatelink_connection"),
    (
        "broker_matching_rule.pattern",
        "=broker_matching_rule {\npattern = \"a*b\"\nprivatelink_connection {\nname = \"p\"\n}\n}",
        "*",
    ),
    (
        "broker_matching_rule.target_group_port",
        "=broker_matching_rule {\npattern = \"*\"\ntarget_group_port = 0\nprivatelink_connection {\nname = \"p\"\n}\n}",
        "between 1",
    ),
    (
        "broker_matching_rule.availability_zone",
        "=broker_matching_rule {\npattern = \"*\"\navailability_zone = \"a\\u0000\"\nprivatelink_connection {\nname = \"p\"\n}\n}",
        NUL,
    ),
    (
        "broker_matching_rule.privatelink_connection",
        "=broker_matching_rule {\npattern = \"*\"\nprivatelink_connection {\n}\n}",
        "name",
    ),
    (
        "broker_matching_rule.privatelink_connection.name",
        "=broker_matching_rule {\npattern = \"*\"\nprivatelink_connection {\nname = \"\"\n}\n}",
        BYTES,
    ),
    (
        "broker_matching_rule.privatelink_connection.schema_name",
        "=broker_matching_rule {\npattern = \"*\"\nprivatelink_connection {\nname = \"p\"\nschema_name = \"\"\n}\n}",
        BYTES,
    ),
    (
        "broker_matching_rule.privatelink_connection.database_name",
        "=broker_matching_rule {\npattern = \"*\"\nprivatelink_connection {\nname = \"p\"\ndatabase_name = \"\"\n}\n}",
        BYTES,
    ),
    ("aws_privatelink", "aws_privatelink {\nprivatelink_connection_port = 1\n}", "privatelink_connection"),
    (
        "aws_privatelink.privatelink_connection_port",
        "aws_privatelink {\nprivatelink_connection_port = 0\nprivatelink_connection {\nname = \"p\"\n}\n}",
        "between 1",
    ),
    (
        "aws_privatelink.privatelink_connection",
        "aws_privatelink {\nprivatelink_connection_port = 1\nprivatelink_connection {\n}\n}",
        "name",
    ),
    (
        "aws_privatelink.privatelink_connection.name",
        "aws_privatelink {\nprivatelink_connection_port = 1\nprivatelink_connection {\nname = \"\"\n}\n}",
        BYTES,
    ),
    (
        "aws_privatelink.privatelink_connection.schema_name",
        "aws_privatelink {\nprivatelink_connection_port = 1\nprivatelink_connection {\nname = \"p\"\nschema_name = \"\"\n}\n}",
        BYTES,
    ),
    (
        "aws_privatelink.privatelink_connection.database_name",
        "aws_privatelink {\nprivatelink_connection_port = 1\nprivatelink_connection {\nname = \"p\"\ndatabase_name = \"\"\n}\n}",
        BYTES,
    ),
    ("ssh_tunnel", "ssh_tunnel {\n}", "name"),
    ("ssh_tunnel.name", "ssh_tunnel {\nname = \"\"\n}", BYTES),
    ("ssh_tunnel.schema_name", "ssh_tunnel {\nname = \"t\"\nschema_name = \"\"\n}", BYTES),
    ("ssh_tunnel.database_name", "ssh_tunnel {\nname = \"t\"\ndatabase_name = \"\"\n}", BYTES),
    ("aws_connection", "aws_connection {\n}", "name"),
    ("aws_connection.name", "aws_connection {\nname = \"\"\n}", BYTES),
    ("aws_connection.schema_name", "aws_connection {\nname = \"t\"\nschema_name = \"\"\n}", BYTES),
    ("aws_connection.database_name", "aws_connection {\nname = \"t\"\ndatabase_name = \"\"\n}", BYTES),
    ("sasl_password", "sasl_password {\n}", "name"),
    ("sasl_password.name", "sasl_password {\nname = \"\"\n}", BYTES),
    ("sasl_password.schema_name", "sasl_password {\nname = \"t\"\nschema_name = \"\"\n}", BYTES),
    ("sasl_password.database_name", "sasl_password {\nname = \"t\"\ndatabase_name = \"\"\n}", BYTES),
    ("ssl_key", "ssl_key {\n}", "name"),
    ("ssl_key.name", "ssl_key {\nname = \"\"\n}", BYTES),
    ("ssl_key.schema_name", "ssl_key {\nname = \"t\"\nschema_name = \"\"\n}", BYTES),
    ("ssl_key.database_name", "ssl_key {\nname = \"t\"\ndatabase_name = \"\"\n}", BYTES),
    ("sasl_username", "sasl_username {\n}", "secret"),
    ("sasl_username.text", "sasl_username {\ntext = \"a\\u0000\"\n}", NUL),
    ("sasl_username.secret", "sasl_username {\ntext = \"a\"\nsecret {\nname = \"s\"\n}\n}", "secret"),
    ("sasl_username.secret.name", "sasl_username {\nsecret {\nname = \"\"\n}\n}", BYTES),
    ("sasl_username.secret.schema_name", "sasl_username {\nsecret {\nname = \"s\"\nschema_name = \"\"\n}\n}", BYTES),
    (
        "sasl_username.secret.database_name",
        "sasl_username {\nsecret {\nname = \"s\"\ndatabase_name = \"\"\n}\n}",
        BYTES,
    ),
    ("ssl_certificate", "ssl_certificate {\n}", "secret"),
    ("ssl_certificate.text", "ssl_certificate {\ntext = \"a\\u0000\"\n}", NUL),
    ("ssl_certificate.secret", "ssl_certificate {\ntext = \"a\"\nsecret {\nname = \"s\"\n}\n}", "secret"),
    ("ssl_certificate.secret.name", "ssl_certificate {\nsecret {\nname = \"\"\n}\n}", BYTES),
    (
        "ssl_certificate.secret.schema_name",
        "ssl_certificate {\nsecret {\nname = \"s\"\nschema_name = \"\"\n}\n}",
        BYTES,
    ),
    (
        "ssl_certificate.secret.database_name",
        "ssl_certificate {\nsecret {\nname = \"s\"\ndatabase_name = \"\"\n}\n}",
        BYTES,
    ),
    ("ssl_certificate_authority", "ssl_certificate_authority {\n}", "secret"),
    ("ssl_certificate_authority.text", "ssl_certificate_authority {\ntext = \"a\\u0000\"\n}", NUL),
    (
        "ssl_certificate_authority.secret",
        "ssl_certificate_authority {\ntext = \"a\"\nsecret {\nname = \"s\"\n}\n}",
        "secret",
    ),
    ("ssl_certificate_authority.secret.name", "ssl_certificate_authority {\nsecret {\nname = \"\"\n}\n}", BYTES),
    (
        "ssl_certificate_authority.secret.schema_name",
        "ssl_certificate_authority {\nsecret {\nname = \"s\"\nschema_name = \"\"\n}\n}",
        BYTES,
    ),
    (
        "ssl_certificate_authority.secret.database_name",
        "ssl_certificate_authority {\nsecret {\nname = \"s\"\ndatabase_name = \"\"\n}\n}",
        BYTES,
    ),
];

/// What follows a name in a block, `=` or `{`.
fn heads(lines: &str) -> BTreeSet<String> {
    let wrapped = format!("x {{\n{lines}\n}}\n");
    let block = &hcl::blocks(&wrapped)[0];
    let paths = hcl::settings(&wrapped, block).into_keys();
    paths.filter_map(|path| path.split('.').next().map(str::to_owned)).collect()
}

/// The valid resource with the row's lines in it.
fn spoil(table: &Table, (path, lines, _): &Row, number: usize) -> String {
    let address = format!("materialize_{}.row{number}", table.kind);
    let mut text = format!("resource \"materialize_{}\" \"row{number}\" {{\n{}\n}}\n", table.kind, table.valid);
    let (lines, mut replaced) = match lines.strip_prefix('=') {
        Some(lines) => (lines, BTreeSet::new()),
        None => (*lines, heads(lines)),
    };
    if lines.is_empty() {
        replaced.insert(path.to_string());
    }
    // PrivateLink for everything excludes brokers.
    if replaced.contains("aws_privatelink") {
        replaced.insert("kafka_broker".to_owned());
    }
    for name in replaced {
        for start in [format!("{name} ="), format!("{name} {{")] {
            if let Ok(less) = hcl::remove(&text, &address, &start) {
                text = less;
            }
        }
    }
    hcl::insert(&text, &address, lines).expect("the block is there")
}

/// Every row of every table in one configuration: validation reports all problems at once.
#[test]
fn every_wrong_value_is_refused_with_a_reason() {
    let terraform = Terraform::new(&binaries()[0]);
    terraform.write("provider.tf", &provider_file("", ""));
    let (mut config, mut places) = (String::new(), Vec::new());
    for table in TABLES {
        for (number, row) in table.rows.iter().enumerate() {
            let start = config.lines().count() as u64 + 1;
            config += &spoil(table, row, number);
            config.push('\n');
            places.push((table, row, start, config.lines().count() as u64));
        }
    }
    terraform.write("main.tf", &config);
    let errors = terraform.validate().errors();
    let mut problems = Vec::new();
    for (table, (path, lines, says), start, end) in places {
        let here: Vec<&Diagnostic> = errors.iter().filter(|error| (start..=end).contains(&error.line)).collect();
        let leaf = path.rsplit('.').next().unwrap_or(path);
        // An error names the attribute in its words, or points at the very line where it is.
        let named = |error: &&&Diagnostic| {
            (error.text().contains(leaf) || error.code.starts_with(leaf)) && error.text().contains(says)
        };
        if here.iter().filter(named).count() == 0 {
            let found: Vec<String> = here.iter().map(|error| error.to_string()).collect();
            problems.push(format!("{} {path}: `{lines}`: wanted `{leaf}` and `{says}`, got {found:#?}", table.kind));
        }
    }
    assert!(problems.is_empty(), "{} of the wrong values:\n{}", problems.len(), problems.join("\n"));
}

/// Without the wrong values there is no error: it is they that are refused.
#[test]
fn the_resources_of_the_tables_are_valid() {
    let terraform = Terraform::new(&binaries()[0]);
    terraform.write("provider.tf", &provider_file("", ""));
    let valid = TABLES.iter().map(|t| format!("resource \"materialize_{}\" \"it\" {{\n{}\n}}\n", t.kind, t.valid));
    terraform.write("main.tf", &valid.collect::<String>());
    terraform.validate().expect_ok();
}

#[test]
fn every_argument_has_a_wrong_value() {
    let wrong: BTreeMap<String, BTreeSet<&str>> =
        TABLES.iter().map(|t| (format!("materialize_{}", t.kind), t.rows.iter().map(|row| row.0).collect())).collect();
    let schema = crate::coverage::schema();
    let mut missing = Vec::new();
    for (kind, resource) in schema["resource_schemas"].as_object().expect("resources") {
        let rows = wrong.get(kind);
        let mut paths = BTreeSet::new();
        crate::coverage::settable(&resource["block"], "", &mut paths);
        let lacking = paths.iter().filter(|path| rows.is_none_or(|rows| !rows.contains(path.as_str())));
        missing.extend(lacking.map(|path| format!("{kind}: {path}")));
    }
    assert!(missing.is_empty(), "no wrong value for:\n{}", missing.join("\n"));
}
