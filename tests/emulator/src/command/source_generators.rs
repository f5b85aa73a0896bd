//! Load generators: what tables each has.

use crate::catalog::Catalog;
use crate::catalog::item::{Column, Key, Reference};
use crate::sql::types::DataType;

/// Keyword and name of each, in the grammar's order.
pub const GENERATORS: [&str; 7] = ["CLOCK", "COUNTER", "MARKETING", "AUCTION", "TPCH", "DATUMS", "KEY"];

/// Tables by name, each: number in its DETAILS, columns (`?` may be null), key.
type Tables = &'static [(&'static str, u8, &'static str, &'static str)];

const AUCTION: Tables = &[
    ("accounts", 2, "id:int8 org_id:int8 balance:int8", "id"),
    ("auctions", 3, "id:int8 seller:int8 item:text end_time:timestamptz", "id"),
    ("bids", 4, "id:int8 buyer:int8 auction_id:int8 amount:int4 bid_time:timestamptz", "id"),
    ("organizations", 0, "id:int8 name:text", "id"),
    ("users", 1, "id:int8 org_id:int8 name:text", "id"),
];
const MARKETING: Tables = &[
    ("clicks", 2, "impression_id:int8 click_time:timestamptz", ""),
    ("conversion_predictions", 5, "lead_id:int8 experiment_bucket:text predicted_at:timestamptz score:float8", ""),
    ("coupons", 4, "id:int8 lead_id:int8 created_at:timestamptz amount:int8", "id"),
    ("customers", 0, "id:int8 email:text income:int8", "id"),
    ("impressions", 1, "id:int8 customer_id:int8 impression_time:timestamptz", "id"),
    (
        "leads",
        3,
        "id:int8 customer_id:int8 created_at:timestamptz converted_at:timestamptz? conversion_amount:int8?",
        "id",
    ),
];
const TPCH: Tables = &[
    (
        "customer",
        3,
        "c_custkey:int8 c_name:text c_address:text c_nationkey:int8 c_phone:text c_acctbal:decimal c_mktsegment:text c_comment:text",
        "c_custkey",
    ),
    (
        "lineitem",
        5,
        "l_orderkey:int8 l_partkey:int8 l_suppkey:int8 l_linenumber:int4 l_quantity:decimal l_extendedprice:decimal \
         l_discount:decimal l_tax:decimal l_returnflag:text l_linestatus:text l_shipdate:date l_commitdate:date \
         l_receiptdate:date l_shipinstruct:text l_shipmode:text l_comment:text",
        "l_orderkey l_linenumber",
    ),
    ("nation", 6, "n_nationkey:int8 n_name:text n_regionkey:int8 n_comment:text", "n_nationkey"),
    (
        "orders",
        4,
        "o_orderkey:int8 o_custkey:int8 o_orderstatus:text o_totalprice:decimal o_orderdate:date o_orderpriority:text \
         o_clerk:text o_shippriority:int4 o_comment:text",
        "o_orderkey",
    ),
    (
        "part",
        1,
        "p_partkey:int8 p_name:text p_mfgr:text p_brand:text p_type:text p_size:int4 p_container:text p_retailprice:decimal \
         p_comment:text",
        "p_partkey",
    ),
    (
        "partsupp",
        2,
        "ps_partkey:int8 ps_suppkey:int8 ps_availqty:int4 ps_supplycost:decimal ps_comment:text",
        "ps_partkey ps_suppkey",
    ),
    ("region", 7, "r_regionkey:int8 r_name:text r_comment:text", "r_regionkey"),
    (
        "supplier",
        0,
        "s_suppkey:int8 s_name:text s_address:text s_nationkey:int8 s_phone:text s_acctbal:decimal s_comment:text",
        "s_suppkey",
    ),
];

/// Columns from their short form. `decimal` is what TPC-H calls a decimal.
pub fn columns(catalog: &Catalog, short: &str) -> Vec<Column> {
    let one = |word: &str| {
        let (name, ty) = word.split_once(':')?;
        let (ty, nullable) = ty.strip_suffix('?').map_or((ty, false), |t| (t, true));
        let ty = match (ty, catalog.system_type("numeric")) {
            ("decimal", DataType::Named(name, _)) => DataType::Named(name, vec![39, 2]),
            (ty, _) => catalog.system_type(ty),
        };
        Some(Column::new(name, ty, nullable))
    };
    short.split_whitespace().filter_map(one).collect()
}

/// The tables of a generator, and whether it has several.
pub fn references(catalog: &Catalog, generator: &str) -> (Vec<Reference>, bool) {
    let (family, tables, tag) = match generator {
        "AUCTION" => ("auction", AUCTION, 0x10),
        "MARKETING" => ("marketing", MARKETING, 0x18),
        "TPCH" => ("tpch", TPCH, 0x20),
        other => {
            let name = other.to_lowercase().replace(' ', "_");
            let single = Reference {
                path: vec!["mz_load_generators".into(), name.clone(), name.clone()],
                namespace: Some(name.clone()),
                name,
                columns: None,
                keys: Vec::new(),
                details: "1a020a00".into(),
            };
            return (vec![single], false);
        }
    };
    let one = |(name, number, short, key): &(&str, u8, &str, &str)| Reference {
        path: ["mz_load_generators", family, name].map(str::to_owned).to_vec(),
        namespace: Some(family.into()),
        name: (*name).into(),
        columns: Some(columns(catalog, short)),
        keys: match *key {
            "" => Vec::new(),
            key => vec![Key { name: None, primary: false, columns: key.split(' ').map(str::to_owned).collect() }],
        },
        // The generator's message, with the table's number in its enumeration.
        details: format!("1a040a02{tag:02x}{number:02x}"),
    };
    (tables.iter().map(one).collect(), true)
}

/// The columns of what a generator with one output gives.
pub fn output(catalog: &Catalog, generator: &str) -> Vec<Column> {
    columns(
        catalog,
        match generator {
            "CLOCK" => "time:timestamptz",
            "COUNTER" => "counter:int8",
            "KEY VALUE" => "partition:uint8 key:uint8 value:bytea",
            _ => "rowid:int8",
        },
    )
}
