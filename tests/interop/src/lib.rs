//! An independent implementation of Terraform's protocol, the crate `tf-provider`, as a witness: values that it writes
//! are read by this provider's codec and the other way round, and both print types alike.
#![cfg(test)]

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use provider::plugin::codec::{decode, encode, parse_type, type_json};
use provider::plugin::proto::tfplugin6::DynamicValue;
use provider::value::{Type, Value};
use serde::{Deserialize, Serialize};
use tf_provider::schema::AttributeType;
use tf_provider::value::{self as theirs, ValueBool, ValueList, ValueMap, ValueNumber, ValueSet, ValueString};

/// A resource's state in their types: every kind of attribute, null, unknown or known, and blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    text: ValueString<'static>,
    number: ValueNumber,
    flag: ValueBool,
    list: ValueList<ValueString<'static>>,
    set: ValueSet<ValueNumber>,
    map: ValueMap<'static, ValueString<'static>>,
    object: theirs::Value<Inner>,
    block: Vec<Inner>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Inner {
    a: ValueString<'static>,
    deeper: ValueList<theirs::Value<Innermost>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Innermost {
    flags: ValueList<ValueBool>,
}

/// The same value in our types.
trait Ours {
    fn ours(&self) -> Value;
}

impl<T: Ours> Ours for theirs::Value<T> {
    fn ours(&self) -> Value {
        match self {
            Self::Value(known) => known.ours(),
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
        }
    }
}

impl Ours for Cow<'static, str> {
    fn ours(&self) -> Value {
        Value::text(self.as_ref())
    }
}

impl Ours for i64 {
    fn ours(&self) -> Value {
        Value::int(*self)
    }
}

impl Ours for bool {
    fn ours(&self) -> Value {
        Value::Bool(*self)
    }
}

impl<T: Ours> Ours for Vec<T> {
    fn ours(&self) -> Value {
        Value::List(self.iter().map(Ours::ours).collect())
    }
}

impl<T: Ours> Ours for std::collections::BTreeSet<T> {
    fn ours(&self) -> Value {
        Value::List(self.iter().map(Ours::ours).collect())
    }
}

impl<T: Ours> Ours for BTreeMap<Cow<'static, str>, T> {
    fn ours(&self) -> Value {
        Value::Map(self.iter().map(|(key, value)| (key.to_string(), value.ours())).collect())
    }
}

impl Ours for Innermost {
    fn ours(&self) -> Value {
        [("flags", self.flags.ours())].into()
    }
}

impl Ours for Inner {
    fn ours(&self) -> Value {
        [("a", self.a.ours()), ("deeper", self.deeper.ours())].into()
    }
}

impl Ours for State {
    fn ours(&self) -> Value {
        [
            ("text", self.text.ours()),
            ("number", self.number.ours()),
            ("flag", self.flag.ours()),
            ("list", self.list.ours()),
            ("set", self.set.ours()),
            ("map", self.map.ours()),
            ("object", self.object.ours()),
            ("block", self.block.ours()),
        ]
        .into()
    }
}

fn list(inner: Type) -> Type {
    Type::List(Box::new(inner))
}

fn object<const N: usize>(attrs: [(&str, Type); N]) -> Type {
    Type::Object(attrs.into_iter().map(|(name, ty)| (name.to_owned(), ty)).collect())
}

fn state_type() -> Type {
    let innermost = object([("flags", list(Type::Bool))]);
    let inner = object([("a", Type::Text), ("deeper", list(innermost))]);
    object([
        ("text", Type::Text),
        ("number", Type::Number),
        ("flag", Type::Bool),
        ("list", list(Type::Text)),
        ("set", Type::Set(Box::new(Type::Number))),
        ("map", Type::Map(Box::new(Type::Text))),
        ("object", inner.clone()),
        ("block", list(inner)),
    ])
}

/// Their bytes are read by us, and our bytes by them, as the same value.
fn agrees<T: Ours + Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(ty: &Type, value: &T) {
    let written = rmp_serde::to_vec_named(value).expect("they can write");
    let read = decode(ty, Some(&DynamicValue { msgpack: written, json: Vec::new() })).expect("we can read");
    assert_eq!(read, value.ours());
    let written = encode(ty, &read).msgpack;
    assert_eq!(&rmp_serde::from_slice::<T>(&written).expect("they can read"), value);
}

/// Null, unknown or known.
fn either<T: std::fmt::Debug + Clone + 'static>(
    known: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<theirs::Value<T>> {
    let known = known.prop_map(theirs::Value::Value);
    prop_oneof![6 => known, 1 => Just(theirs::Value::Null), 1 => Just(theirs::Value::Unknown)].boxed()
}

fn texts() -> BoxedStrategy<ValueString<'static>> {
    either(any::<String>().prop_map(Cow::Owned))
}

fn inners() -> BoxedStrategy<Inner> {
    let flags = either(prop::collection::vec(either(any::<bool>()), 0..3));
    let deeper = either(prop::collection::vec(either(flags.prop_map(|flags| Innermost { flags })), 0..3));
    (texts(), deeper).prop_map(|(a, deeper)| Inner { a, deeper }).boxed()
}

fn states() -> impl Strategy<Value = State> {
    let scalars = (texts(), either(any::<i64>()), either(any::<bool>()));
    let collections = (
        either(prop::collection::vec(texts(), 0..4)),
        either(prop::collection::btree_set(either(any::<i64>()), 0..4)),
        either(prop::collection::btree_map(any::<String>().prop_map(Cow::Owned), texts(), 0..4)),
    );
    let nested = (either(inners()), prop::collection::vec(inners(), 0..3));
    (scalars, collections, nested).prop_map(|((text, number, flag), (list, set, map), (object, block))| State {
        text,
        number,
        flag,
        list,
        set,
        map,
        object,
        block,
    })
}

/// A type in both forms.
fn types() -> impl Strategy<Value = (AttributeType, Type)> {
    let leaf = prop_oneof![
        Just((AttributeType::Bool, Type::Bool)),
        Just((AttributeType::Number, Type::Number)),
        Just((AttributeType::String, Type::Text)),
        Just((AttributeType::Any, Type::Dynamic)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let wrapped = inner.clone().prop_map(|(theirs, ours)| (Box::new(theirs), Box::new(ours)));
        prop_oneof![
            wrapped.clone().prop_map(|(theirs, ours)| (AttributeType::List(theirs), Type::List(ours))),
            wrapped.clone().prop_map(|(theirs, ours)| (AttributeType::Set(theirs), Type::Set(ours))),
            wrapped.prop_map(|(theirs, ours)| (AttributeType::Map(theirs), Type::Map(ours))),
            prop::collection::vec(inner.clone(), 0..3).prop_map(|both| {
                let (theirs, ours) = both.into_iter().unzip();
                (AttributeType::Tuple(theirs), Type::Tuple(ours))
            }),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4).prop_map(|both| {
                let (mut theirs, mut ours) = (HashMap::new(), BTreeMap::new());
                for (name, (their, our)) in both {
                    theirs.insert(name.clone(), their);
                    ours.insert(name, our);
                }
                (AttributeType::Object(theirs), Type::Object(ours))
            }),
        ]
    })
}

#[test]
fn single_values_agree() {
    use tf_provider::value::Value::{Null, Unknown, Value as Known};
    for text in [Null, Unknown, Known("".into()), Known("é ".into()), Known("x".repeat(70_000).into())] {
        agrees::<ValueString>(&Type::Text, &text);
    }
    for number in [0, -1, 127, 128, -33, 255, 256, 65_536, 1 << 32, i64::MIN, i64::MAX] {
        agrees::<ValueNumber>(&Type::Number, &Known(number));
    }
    for flag in [Null, Unknown, Known(true), Known(false)] {
        agrees::<ValueBool>(&Type::Bool, &flag);
    }
    let ty = list(Type::Bool);
    for flags in [Null, Unknown, Known(vec![]), Known(vec![Null, Unknown, Known(true)])] {
        agrees::<ValueList<ValueBool>>(&ty, &flags);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn states_agree(state in either(states())) {
        agrees(&state_type(), &state);
    }

    #[test]
    fn types_agree((theirs, ours) in types()) {
        let printed = theirs.to_string();
        let json: serde_json::Value = serde_json::from_str(&printed).expect("they print JSON");
        prop_assert_eq!(&json, &type_json(&ours));
        prop_assert_eq!(parse_type(&printed), Some(ours));
    }
}
