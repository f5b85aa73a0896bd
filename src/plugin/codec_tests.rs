//! The codec against the bytes that Terraform really sends, and against bytes that nobody should.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::codec::{CodecError, decode, encode, parse_type, type_json};
use super::proto::tfplugin6::DynamicValue;
use crate::engine::Engine;
use crate::value::{Number, Type, Value};

/// Counts what the current thread allocates, so that a test can say how much is too much.
struct Counting;

thread_local! {
    static ALLOCATED: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A thread that ends has no counter any more.
        let _ = ALLOCATED.try_with(|count| count.set(count.get().wrapping_add(layout.size())));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What `work` allocates in all, in bytes; freed memory counts as well.
fn allocated<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = ALLOCATED.get();
    let done = work();
    (done, ALLOCATED.get().wrapping_sub(before))
}

fn packed(bytes: &[u8]) -> DynamicValue {
    DynamicValue { msgpack: bytes.to_vec(), json: Vec::new() }
}

fn read(ty: &Type, bytes: &[u8]) -> Result<Value, CodecError> {
    decode(ty, Some(&packed(bytes)))
}

fn written(ty: &Type, value: &Value) -> Vec<u8> {
    encode(ty, value).msgpack
}

fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).expect("a number"))
}

fn list(inner: Type) -> Type {
    Type::List(Box::new(inner))
}

fn object<const N: usize>(attrs: [(&str, Type); N]) -> Type {
    Type::Object(attrs.into_iter().map(|(name, ty)| (name.to_owned(), ty)).collect())
}

const SCALARS: [Type; 3] = [Type::Bool, Type::Number, Type::Text];

#[test]
fn null_is_nil_and_so_is_nothing_at_all() {
    for ty in [Type::Text, Type::Dynamic, list(Type::Text), object([("a", Type::Text)])] {
        assert_eq!(read(&ty, &[0xc0]).unwrap(), Value::Null);
        assert_eq!(read(&ty, &[]).unwrap(), Value::Null);
        assert_eq!(decode(&ty, None).unwrap(), Value::Null);
        assert_eq!(written(&ty, &Value::Null), [0xc0]);
    }
}

#[test]
fn unknowns_are_read_refined_or_not_and_written_plain() {
    // As core writes it; refined to "not null"; a refinement of several; extensions of other codes and lengths.
    let forms: [&[u8]; 6] = [
        &[0xd4, 0x00, 0x00],
        &[0xc7, 0x03, 0x0c, 0x81, 0x01, 0xc2],
        &[0xc7, 0x06, 0x0c, 0x82, 0x01, 0xc2, 0x02, 0xa1, 0x61],
        &[0xd4, 0x7f, 0x00],
        &[0xd5, 0x0c, 0x80, 0x00],
        &[0xc7, 0x00, 0x00],
    ];
    for ty in [Type::Bool, Type::Number, Type::Text, Type::Dynamic, list(Type::Text), object([("a", Type::Text)])] {
        for form in forms {
            assert_eq!(read(&ty, form).unwrap(), Value::Unknown, "{form:x?}");
        }
        assert_eq!(written(&ty, &Value::Unknown), [0xd4, 0x00, 0x00]);
    }
    let ty = object([("a", Type::Text), ("b", Type::Number)]);
    let value = Value::from([("a", Value::Unknown), ("b", Value::Null)]);
    assert_eq!(written(&ty, &value), b"\x82\xa1a\xd4\x00\x00\xa1b\xc0");
}

/// The byte `0xc1` begins no value, and is a byte like any other inside one.
#[test]
fn the_unused_marker_is_not_null() {
    let ty = list(Type::Dynamic);
    let wrong: [&[u8]; 5] =
        [b"\xc1", b"\x92\xc0\xc1", b"\x81\xc1\xc0", b"\x92\xd9\x01a\xc1", b"\x92\xc7\x02\x0c\xc1\xc1\xc1"];
    for bytes in wrong {
        let error = read(&ty, bytes).unwrap_err().to_string();
        assert!(error.contains("does not use"), "{bytes:x?}: {error}");
    }
    let fine: [&[u8]; 12] = [
        b"\xcc\xc1", b"\xd0\xc1", b"\xcd\xc1\xc1", b"\xd1\xc1\xc1", b"\xce\xc1\xc1\xc1\xc1", b"\xd2\xc1\xc1\xc1\xc1",
        b"\xca\xc1\xc1\xc1\xc1", b"\xcf\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1", b"\xd3\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1",
        b"\xcb\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1", b"\xd4\xc1\xc1", b"\xc8\x00\x03\x0c\xc1\xc1\xc1",
    ];
    for bytes in fine {
        assert!(read(&Type::Number, bytes).is_ok(), "{bytes:x?}");
    }
    // Lengths of one, two and four bytes; the long form of a list.
    for length in [0xc1_usize, 0x1c1, 0x1_00c1] {
        let text = Value::text("x".repeat(length));
        assert_eq!(read(&Type::Text, &written(&Type::Text, &text)).unwrap(), text);
        let many = Value::List(vec![true.into(); length]);
        assert_eq!(read(&list(Type::Bool), &written(&list(Type::Bool), &many)).unwrap(), many);
    }
}

#[test]
fn numbers_are_read_in_every_form_and_written_in_the_one_that_core_takes() {
    // What is sent, its plain text, what is answered.
    let cases: [(&[u8], &str, &[u8]); 16] = [
        (b"\x00", "0", b"\x00"),
        (b"\x7f", "127", b"\x7f"),
        (b"\xff", "-1", b"\xff"),
        (b"\xcc\xff", "255", b"\xcc\xff"),
        (b"\xd1\xff\x00", "-256", b"\xd1\xff\x00"),
        (b"\xcf\x7f\xff\xff\xff\xff\xff\xff\xff", "9223372036854775807", b"\xcf\x7f\xff\xff\xff\xff\xff\xff\xff"),
        (b"\xd3\x80\0\0\0\0\0\0\0", "-9223372036854775808", b"\xd3\x80\0\0\0\0\0\0\0"),
        // Core sends what exceeds an i64 as text; a u64 is read too.
        (b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615", b"\xb418446744073709551615"),
        (b"\xb418446744073709551616", "18446744073709551616", b"\xb418446744073709551616"),
        // `size = 0.1` arrives as text, 0.5 as a float, 1.0 as an integer.
        (b"\xa30.1", "0.1", b"\xa30.1"),
        (b"\xcb\x3f\xe0\0\0\0\0\0\0", "0.5", b"\xa30.5"),
        (b"\xca\x3f\0\0\0", "0.5", b"\xa30.5"),
        (b"\xcb\x3f\xf0\0\0\0\0\0\0", "1", b"\x01"),
        (b"\xa31.0", "1", b"\x01"),
        (b"\xa52.5e2", "250", b"\xcc\xfa"),
        (b"\xb60.12345678901234567890", "0.1234567890123456789", b"\xb50.1234567890123456789"),
    ];
    for (sent, plain, answer) in cases {
        let value = read(&Type::Number, sent).unwrap();
        assert_eq!(value.as_number().unwrap().to_string(), plain, "{sent:x?}");
        assert_eq!(written(&Type::Number, &value), answer, "{plain}");
    }
    // A float of four bytes is widened, as core does: its nearest text would be another number.
    assert_eq!(read(&Type::Number, b"\xca\x3d\xcc\xcc\xcd").unwrap(), number("0.10000000149011612"));
    for wrong in [&b"\xa0"[..], b"\xa3abc", b"\xc3", b"\x90", b"\xcb\x7f\xf8\0\0\0\0\0\0", b"\xcb\x7f\xf0\0\0\0\0\0\0"]
    {
        assert!(matches!(read(&Type::Number, wrong), Err(CodecError::Type { .. })), "{wrong:x?}");
    }
}

#[test]
fn texts_and_booleans_are_strict() {
    assert_eq!(read(&Type::Text, b"\xa2\xc3\xa9").unwrap(), Value::text("é"));
    assert_eq!(read(&Type::Bool, b"\xc3").unwrap(), Value::Bool(true));
    let error = |ty: &Type, bytes: &[u8]| read(ty, bytes).unwrap_err().to_string();
    assert!(error(&Type::Text, b"\xa1\xff").contains("UTF-8"));
    assert!(error(&Type::Text, b"\x01").contains("a string expected, a number found"));
    assert!(error(&Type::Bool, b"\xa4true").contains("a boolean expected, a string found"));
    assert!(error(&Type::Text, b"\xc0\xc0").contains("1 bytes follow"));
}

#[test]
fn objects_have_exactly_the_attributes_of_their_type() {
    let ty = object([("a", Type::Text), ("b", list(object([("c", Type::Bool)])))]);
    let value = Value::from([("a", "x".into()), ("b", Value::List(vec![[("c", Value::Null)].into()]))]);
    // Any order is read.
    assert_eq!(read(&ty, b"\x82\xa1b\x91\x81\xa1c\xc0\xa1a\xa1x").unwrap(), value);
    let error = |bytes: &[u8]| read(&ty, bytes).unwrap_err().to_string();
    assert!(error(b"\x81\xa1a\xa1x").contains("`b` is missing"));
    assert!(error(b"\x83\xa1a\xa1x\xa1b\x90\xa1z\x01").contains("`z` is not one"));
    assert!(error(b"\x82\xa1a\xa1x\xa1b\x91\x80").starts_with("b[0]: "));
    assert!(error(b"\x82\xa1a\xa1x\x07\x90").contains("a name is no string"));
    // Attributes that a value does not hold are written as null: an object on the wire is always whole.
    assert_eq!(written(&ty, &Value::from([("b", Value::List(vec![]))])), b"\x82\xa1a\xc0\xa1b\x90");
    assert_eq!(read(&object([]), b"\x80").unwrap(), Value::Map(BTreeMap::new()));
}

#[test]
fn collections_keep_their_elements() {
    let tuple = Type::Tuple(vec![Type::Text, Type::Number]);
    let pair = Value::List(vec!["a".into(), Value::int(1)]);
    assert_eq!(read(&tuple, b"\x92\xa1a\x01").unwrap(), pair);
    assert_eq!(written(&tuple, &pair), b"\x92\xa1a\x01");
    assert!(read(&tuple, b"\x91\xa1a").unwrap_err().to_string().contains("a tuple of the type's length"));
    let set = Type::Set(Box::new(Type::Number));
    assert_eq!(read(&set, b"\x92\x02\x01").unwrap(), Value::List(vec![Value::int(2), Value::int(1)]));
    let map = Type::Map(Box::new(Type::Text));
    assert_eq!(read(&map, b"\x82\xa1b\xc0\xa1a\xa1x").unwrap(), Value::from([("a", "x".into()), ("b", Value::Null)]));
    assert!(read(&map, b"\x81\x01\xa1x").unwrap_err().to_string().contains("string keys"));
    assert!(read(&map, b"\x81\xa1k\x01").unwrap_err().to_string().starts_with("[\"k\"]: "));
}

#[test]
fn dynamic_values_carry_their_type() {
    let value = Value::Dynamic(Box::new((r#"["list","string"]"#.to_owned(), Value::List(vec!["a".into()]))));
    let bytes = b"\x92\xc4\x11[\"list\",\"string\"]\x91\xa1a";
    assert_eq!(read(&Type::Dynamic, bytes).unwrap(), value);
    assert_eq!(written(&Type::Dynamic, &value), bytes);
    // The type as text instead of binary; an unknown of a known type.
    assert_eq!(
        read(&Type::Dynamic, b"\x92\xa8\"string\"\xd4\0\0").unwrap(),
        Value::Dynamic(Box::new(("\"string\"".to_owned(), Value::Unknown)))
    );
    for wrong in [&b"\x91\xc4\x00"[..], b"\x92\xc4\x02{}\xc0", b"\x92\x01\xc0", b"\xa1a", b"\x92\xc4\x06\"strin\xc0"] {
        assert!(read(&Type::Dynamic, wrong).is_err(), "{wrong:x?}");
    }
}

#[test]
fn the_json_form_is_read_where_there_is_no_msgpack() {
    let ty = object([("a", Type::Text), ("n", Type::Number), ("b", Type::Bool), ("gone", Type::Text)]);
    let json = |text: &str| DynamicValue { msgpack: Vec::new(), json: text.into() };
    let value = [("a", "x".into()), ("n", number("0.1")), ("b", true.into()), ("gone", Value::Null)].into();
    assert_eq!(decode(&ty, Some(&json(r#"{"a":"x","n":"0.1","b":"true"}"#))).unwrap(), value);
    assert_eq!(decode(&ty, Some(&json("null"))).unwrap(), Value::Null);
    let both = DynamicValue { msgpack: vec![0xc0], json: br#"{"a":1}"#.to_vec() };
    assert_eq!(decode(&ty, Some(&both)).unwrap(), Value::Null);
    for wrong in ["{", "[]", r#"{"b":"maybe"}"#, &"[".repeat(100_000)] {
        assert!(matches!(decode(&ty, Some(&json(wrong))), Err(CodecError::Json(_))));
    }
}

#[test]
fn a_value_of_another_shape_is_not_hidden() {
    assert_eq!(written(&object([("a", Type::Text)]), &Value::List(vec!["x".into()])), b"\x91\xa1x");
    assert_eq!(written(&Type::Text, &Value::from([("a", Value::Unknown)])), b"\x81\xa1a\xd4\0\0");
}

#[test]
fn types_are_written_and_read_in_the_protocols_form() {
    let ty = object([
        ("l", list(Type::Text)),
        ("m", Type::Map(Box::new(Type::Number))),
        ("s", Type::Set(Box::new(Type::Bool))),
        ("t", Type::Tuple(vec![Type::Dynamic])),
    ]);
    let json =
        r#"["object",{"l":["list","string"],"m":["map","number"],"s":["set","bool"],"t":["tuple",["dynamic"]]}]"#;
    assert_eq!(type_json(&ty).to_string(), json);
    assert_eq!(parse_type(json), Some(ty));
    // A third part names optional attributes, which are attributes all the same.
    assert_eq!(parse_type(r#"["object",{"a":"string"},["a"]]"#), Some(object([("a", Type::Text)])));
    let deep = format!("{}\"string\"{}", "[\"list\",".repeat(120), "]".repeat(120));
    for wrong in ["", "string", "\"text\"", "[]", "[\"list\"]", "[\"list\",\"x\"]", "[\"object\",[]]", "{}", &deep] {
        assert_eq!(parse_type(wrong), None, "{wrong}");
    }
}

#[test]
fn depth_is_refused_before_the_stack_ends() {
    let mut ty = Type::Text;
    for _ in 0..40 {
        ty = list(ty);
    }
    let nested = |depth: usize| [vec![0x91; depth], vec![0xa1, b'x']].concat();
    assert!(read(&ty, &nested(40)).is_ok());
    for prefix in [0x91, 0x81] {
        for depth in [200, 1_000_000] {
            assert!(matches!(read(&ty, &vec![prefix; depth]), Err(CodecError::Malformed(_))));
        }
    }
    // Dynamic values nest in each other without end.
    let dynamic = b"\x92\xc4\x09\"dynamic\"".repeat(100_000);
    assert!(matches!(read(&Type::Dynamic, &dynamic), Err(CodecError::Malformed(_))));
}

/// A length that the bytes do not have must not be believed.
#[test]
fn announced_lengths_allocate_nothing() {
    for marker in [0xdd, 0xdf, 0xdb, 0xc6, 0xc9] {
        for ty in [Type::Text, list(Type::Text), Type::Map(Box::new(Type::Text)), Type::Dynamic] {
            let (outcome, bytes) = allocated(|| read(&ty, &[marker, 0xff, 0xff, 0xff, 0xff, 0x00]));
            assert!(outcome.is_err());
            assert!(bytes < 256 << 10, "{marker:x} allocates {bytes} bytes");
        }
    }
}

fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        3 => proptest::sample::select(&SCALARS[..]),
        1 => Just(Type::Dynamic),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(list),
            inner.clone().prop_map(|ty| Type::Set(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Map(Box::new(ty))),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Type::Tuple),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..5).prop_map(Type::Object),
        ]
    })
}

fn numbers() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::int),
        any::<u64>().prop_map(|n| number(&n.to_string())),
        prop::num::f64::NORMAL.prop_filter_map("a plain number", |n| Number::parse(&n.to_string()).map(Value::Number)),
        "-?[1-9][0-9]{0,60}\\.[0-9]{0,60}".prop_map(|text| number(&text)),
    ]
}

/// Any value of a type, with nulls and unknowns at every depth.
fn values(ty: &Type) -> BoxedStrategy<Value> {
    let known: BoxedStrategy<Value> = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => numbers().boxed(),
        Type::Text => any::<String>().prop_map(Value::Text).boxed(),
        Type::List(inner) | Type::Set(inner) => {
            prop::collection::vec(values(inner), 0..4).prop_map(Value::List).boxed()
        }
        Type::Map(inner) => {
            prop::collection::btree_map(any::<String>(), values(inner), 0..4).prop_map(Value::Map).boxed()
        }
        Type::Tuple(types) => types.iter().map(values).collect::<Vec<_>>().prop_map(Value::List).boxed(),
        Type::Object(types) => {
            let (names, types): (Vec<_>, Vec<_>) = types.iter().map(|(name, ty)| (name.clone(), values(ty))).unzip();
            types.prop_map(move |values| Value::Map(names.iter().cloned().zip(values).collect())).boxed()
        }
        Type::Dynamic => proptest::sample::select(&SCALARS[..])
            .prop_flat_map(|ty| {
                let json = type_json(&ty).to_string();
                values(&ty).prop_map(move |value| (json.clone(), value))
            })
            .prop_filter("a dynamic null has no type", |(_, value)| !value.is_null())
            .prop_map(|pair| Value::Dynamic(Box::new(pair)))
            .boxed(),
    };
    prop_oneof![8 => known, 1 => Just(Value::Null), 1 => Just(Value::Unknown)].boxed()
}

fn typed() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| values(&ty).prop_map(move |value| (ty.clone(), value)))
}

/// Damage: overwrite, insert or cut at a place.
fn damages() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..3u8, any::<u8>()), 1..6)
}

fn damage(bytes: &mut Vec<u8>, how: &[(prop::sample::Index, u8, u8)]) {
    for (at, kind, byte) in how {
        if bytes.is_empty() {
            return;
        }
        let at = at.index(bytes.len());
        match kind {
            0 => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            _ => bytes.truncate(at),
        }
    }
}

/// Reading must come to an end, keep to a multiple of what was sent, and give what can be written and read again.
fn survives(ty: &Type, bytes: &[u8]) {
    let (outcome, allocated) = allocated(|| read(ty, bytes));
    assert!(allocated < (1 << 20) + bytes.len() * 400, "{} bytes allocate {allocated}", bytes.len());
    if let Ok(value) = outcome {
        assert_eq!(read(ty, &written(ty, &value)).expect("what was read can be written"), value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again((ty, value) in typed()) {
        let bytes = written(&ty, &value);
        prop_assert_eq!(read(&ty, &bytes).expect("our own bytes"), value.clone());
        // There is one way to write a value.
        prop_assert_eq!(written(&ty, &read(&ty, &bytes).expect("our own bytes")), bytes);
    }

    #[test]
    fn types_survive_their_json(ty in types()) {
        prop_assert_eq!(parse_type(&type_json(&ty).to_string()), Some(ty));
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(ty in types(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&ty, &bytes);
        let json = DynamicValue { msgpack: Vec::new(), json: bytes };
        let _ = decode(&ty, Some(&json));
    }

    #[test]
    fn damaged_messages_do_no_harm((ty, value) in typed(), how in damages()) {
        let mut bytes = written(&ty, &value);
        damage(&mut bytes, &how);
        survives(&ty, &bytes);
    }

    #[test]
    fn arbitrary_types_do_no_harm(text in "[\\[\\]{}\",:a-z]{0,60}") {
        let _ = parse_type(&text);
    }
}

/// The same damage to objects of the types that are really declared, all of them.
#[test]
fn damaged_messages_of_every_resource_do_no_harm() {
    let engine = Engine::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for (name, schema) in engine.resource_schemas().iter().chain(engine.data_source_schemas()) {
        let (values, damages) = (values(&schema.ty), damages());
        for _ in 0..24 {
            use proptest::strategy::ValueTree;
            let value = values.new_tree(&mut runner).expect(name).current();
            let mut bytes = written(&schema.ty, &value);
            assert_eq!(read(&schema.ty, &bytes).expect(name), value);
            damage(&mut bytes, &damages.new_tree(&mut runner).expect(name).current());
            survives(&schema.ty, &bytes);
        }
    }
}
