//! Queries of users, and as the server prints them: it has every form in its own spelling, and every name in full and in
//! quotes.

use super::canonical::{Part, canonical, same_parts};
use super::{Name, Node, parse};

/// Whether two queries are the same in another spelling: other forms of the same expression or join, identifiers with
/// quotes or without, `AS` before an alias or none. Names of objects are the same ones.
pub fn same_spelled_query(a: &str, b: &str) -> bool {
    renamed_in_query(a, b).is_some_and(|pairs| pairs.is_empty())
}

/// The objects by which two queries differ, old name and new, if they differ by nothing else. One of the names is in
/// full, as the server prints it and as interpolations make it; the other may leave out what the session knows. `None`:
/// they differ otherwise.
pub fn renamed_in_query(prior: &str, written: &str) -> Option<Vec<(Name, Name)>> {
    let (prior, written) = (canonical(prior)?, canonical(written)?);
    let mut renamed = Vec::new();
    let same = same_parts(&prior, &written, |a, b| match (object(a), object(b)) {
        (Some(a), Some(b)) if a.parts.len().max(b.parts.len()) == 3 => {
            if !renamed.contains(&(a.clone(), b.clone())) {
                renamed.push((a, b));
            }
            true
        }
        _ => false,
    });
    // What is bound by WITH hides objects.
    let bound = |name: &Name, parts: &[Part]| name.parts.len() == 1 && is_bound(name.last(), parts);
    (same && !renamed.iter().any(|(a, b)| bound(a, &prior) || bound(b, &written))).then_some(renamed)
}

/// The object that a part may name.
fn object(part: &Part) -> Option<Name> {
    match part {
        Part::Type(ty) => match parse(ty).ok()?.nodes.as_slice() {
            [Node::Name(name)] => Some(name.clone()),
            _ => None,
        },
        part => part.name().map(Name::new),
    }
}

/// Whether the query has `WITH <name> [(<column>, …)] AS (`.
fn is_bound(name: &str, parts: &[Part]) -> bool {
    parts.iter().enumerate().filter(|(_, part)| part.name() == Some(&[name.to_owned()])).any(|(at, _)| {
        let mut rest = &parts[at + 1..];
        if rest.first().is_some_and(|part| part.is_other("(")) {
            let mut depth = 0usize;
            let closes = |part: &Part| {
                depth = (depth + usize::from(part.is_other("("))).saturating_sub(usize::from(part.is_other(")")));
                depth == 0
            };
            rest = rest.iter().position(closes).map_or(&[], |end| &rest[end + 1..]);
        }
        matches!(rest, [word, open, ..] if word.is_word("as") && open.is_other("("))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(query: &str, written: &str) -> Option<Vec<(String, String)>> {
        let short = |name: Name| name.parts.join(".");
        Some(renamed_in_query(query, written)?.into_iter().map(|(a, b)| (short(a), short(b))).collect())
    }

    #[test]
    fn a_query_is_found_in_the_servers_text() {
        let printed = r#"SELECT "id", "pg_catalog"."count"(*) AS "n" FROM "d"."raw"."t" WHERE "id" <> 1 GROUP BY "id""#;
        for (written, name) in [
            ("select id, count(*) n from t where id <> 1 group by id;", Some("t")),
            ("SELECT id, count(*) AS n FROM raw.t WHERE id != 1 GROUP BY id", Some("raw.t")),
            ("SELECT \"id\", COUNT(*) AS n -- how many\nFROM d.raw.t WHERE id <> 1 GROUP BY id", None),
            // Which object that is, is the engine's to find out.
            ("SELECT id, count(*) AS n FROM other.t WHERE id <> 1 GROUP BY id", Some("other.t")),
            ("SELECT id, count(*) AS n FROM \"D\".raw.t WHERE id <> 1 GROUP BY id", Some("D.raw.t")),
        ] {
            let expected: Vec<_> = name.iter().map(|name| ("d.raw.t".to_owned(), (*name).to_owned())).collect();
            assert_eq!(names(printed, written), Some(expected), "{written}");
            assert_eq!(same_spelled_query(printed, written), name.is_none(), "{written}");
        }
        for written in [
            "SELECT id, count(*) AS n FROM raw.t WHERE id <> 2 GROUP BY id",
            "SELECT id, sum(*) AS n FROM raw.t WHERE id <> 1 GROUP BY id",
            "SELECT id, count(*) AS n FROM raw.t t WHERE id <> 1 GROUP BY id",
            "SELECT id, count(*) AS m FROM raw.t WHERE id <> 1 GROUP BY id",
            "SELECT id FROM raw.t",
            "WITH t AS (SELECT 1) SELECT id, count(*) AS n FROM t WHERE id <> 1 GROUP BY id",
        ] {
            assert_eq!(names(printed, written), None, "{written}");
        }
        // What a user left out may be another object's.
        assert_eq!(names("SELECT * FROM raw.t", "SELECT * FROM t"), None);
        let expected = Some(vec![("t".to_owned(), "d.raw.t".to_owned())]);
        assert_eq!(names("SELECT * FROM t", "SELECT * FROM d.raw.t"), expected);
    }

    #[test]
    fn what_with_binds_is_no_object() {
        let query = |from: &str| format!("WITH t (a) AS (SELECT 1) SELECT * FROM {from}");
        assert_eq!(names(&query("d.s.t"), &query("t")), None);
        assert_eq!(names(&query("t"), &query("d.s.t")), None);
        assert_eq!(names(&query("d.s.u"), &query("u")).map(|pairs| pairs.len()), Some(1));
        assert_eq!(names(&query("t"), &query("t")), Some(Vec::new()));
    }

    #[test]
    fn forms_of_a_query_are_the_same() {
        for (printed, written) in [
            (r#"SELECT "a"::"pg_catalog"."int4" FROM "t""#, "SELECT CAST(a AS int) FROM t"),
            (r#"SELECT "a"::"pg_catalog"."int4" AS "a" FROM "t""#, "SELECT a::INTEGER a FROM t"),
            (r#"SELECT ("a" + "b")::"pg_catalog"."int8" FROM "t""#, "SELECT cast(a + b AS bigint) FROM t"),
            (r#"SELECT * FROM "a" JOIN "b" USING ("id")"#, "SELECT * FROM a INNER JOIN b USING (id)"),
            (
                r#"SELECT * FROM "a" AS "x" LEFT JOIN "b" AS "y" ON "x"."i" = "y"."i""#,
                "SELECT * FROM a x LEFT OUTER JOIN b AS y ON x.i = y.i",
            ),
            (r#"SELECT * FROM "a" FULL JOIN "b" ON true"#, "SELECT * FROM a FULL OUTER JOIN b ON TRUE"),
            (r#"SELECT "a" FROM "t" UNION SELECT 1"#, "SELECT ALL a FROM t UNION DISTINCT SELECT 1"),
            (r#"SELECT "a" AS "left" FROM "t""#, "SELECT a AS left FROM t"),
            (
                r#"SELECT "year", "date", "position" FROM "t" ORDER BY "year" DESC"#,
                "SELECT year, date, position FROM t ORDER BY year DESC",
            ),
            (r#"SELECT "x"."n" FROM (SELECT 1 AS "n") AS "x""#, "SELECT x.n FROM (SELECT 1 n) x"),
            (r#"SELECT "x" FROM "t" AS "u" ("x")"#, "SELECT x FROM t u (x)"),
            (r#"WITH "c" AS (SELECT 1) SELECT * FROM "c""#, "WITH c AS (SELECT 1) SELECT * FROM c"),
            (
                r#"SELECT "pg_catalog"."timezone"('UTC', "at") AS "t" FROM "e""#,
                "SELECT at AT TIME ZONE 'UTC' AS t FROM e",
            ),
            (
                r#"SELECT "name" FROM "mz_catalog"."mz_tables" WHERE "id" ~~ 'u%'"#,
                "SELECT name FROM mz_tables WHERE id LIKE 'u%'",
            ),
            (
                r#"SELECT "pg_catalog"."sum"("a") FILTER (WHERE "b" IS NULL) FROM "t""#,
                "SELECT sum(ALL a) FILTER (WHERE b ISNULL) FROM t",
            ),
            (
                r#"SELECT "pg_catalog"."row_number"() OVER (PARTITION BY "a" ORDER BY "b")::"pg_catalog"."int4" FROM "t""#,
                "SELECT CAST(row_number() OVER (PARTITION BY a ORDER BY b) AS int) FROM t",
            ),
            (
                r#"WITH MUTUALLY RECURSIVE "c" ("a" "pg_catalog"."int4", "b" "pg_catalog"."text" list) AS (SELECT 1) SELECT * FROM "c""#,
                "WITH MUTUALLY RECURSIVE c (a int, b text list) AS (SELECT 1) SELECT * FROM c",
            ),
            (
                r#"SELECT * FROM "t" WHERE "a" IN (SELECT "b" FROM "u") AND NOT "c" IN (1, 2)"#,
                "select * from t where a in (select b from u) and not c in (1,2)",
            ),
        ] {
            assert!(same_spelled_query(printed, written), "{printed}\n{written}");
        }
    }

    #[test]
    fn different_queries_differ() {
        for (a, b) in [
            ("SELECT null", "SELECT \"null\""),
            ("SELECT a \"as\" FROM t", "SELECT a FROM t"),
            ("SELECT a as b FROM t", "SELECT a FROM t"),
            ("SELECT * FROM a AS \"left\" JOIN b ON c", "SELECT * FROM a left JOIN b ON c"),
            ("SELECT * FROM a AS \"natural\" JOIN b ON c", "SELECT * FROM a NATURAL JOIN b ON c"),
            ("SELECT * FROM a JOIN b ON c", "SELECT * FROM a LEFT JOIN b ON c"),
            ("SELECT * FROM a JOIN b ON c", "SELECT * FROM a CROSS JOIN b"),
            ("SELECT DISTINCT a FROM t", "SELECT \"distinct\" a FROM t"),
            ("SELECT DISTINCT a FROM t", "SELECT a FROM t"),
            ("SELECT a FROM t UNION ALL SELECT 1", "SELECT a FROM t UNION SELECT 1"),
            ("SELECT a::int FROM t", "SELECT a::bigint FROM t"),
            ("SELECT (a + b)::int FROM t", "SELECT a + b::int FROM t"),
            ("SELECT a FROM s.t", "SELECT a FROM u.t"),
            ("SELECT a FROM dev.raw.t", "SELECT a FROM raw.t"),
            ("SELECT a FROM mz_internal.t", "SELECT a FROM t"),
            (
                "WITH MUTUALLY RECURSIVE c (a int) AS (SELECT 1) SELECT * FROM c",
                "WITH MUTUALLY RECURSIVE c (a bigint) AS (SELECT 1) SELECT * FROM c",
            ),
            ("SELECT INTERVAL '1' day", "SELECT INTERVAL '1' \"day\""),
            ("SELECT a - b", "SELECT a -b c"),
            ("SELECT A", "SELECT \"A\""),
            ("SELECT x FROM t ORDER BY x", "SELECT x FROM t ORDER BY x DESC"),
            ("SELECT x FROM t ORDER BY x, (2)", "SELECT x FROM t ORDER BY x, 2"),
        ] {
            assert!(!same_spelled_query(a, b), "{a}\n{b}");
            assert!(!same_spelled_query(b, a), "{b}\n{a}");
        }
    }
}
