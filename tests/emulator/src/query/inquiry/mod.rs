//! Functions that ask the catalog or the session: who may do what, who is whom, what a number stands for. They know a
//! copy of the catalog as it was when their query was planned.

mod access;
mod acl;
mod json;
mod names;
mod settings;

use super::types;
use crate::catalog::names::NameScope;
use crate::catalog::{Catalog, Id};
use crate::datum::{Datum, SqlError};
use crate::session::Snapshot;
use datafusion::arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What the functions know besides their arguments.
pub struct Facts {
    pub catalog: Catalog,
    pub session: Snapshot,
}

impl Facts {
    /// Where names without a schema are looked up.
    fn names(&self) -> NameScope {
        self.session.names()
    }

    fn user(&self) -> Result<Id, SqlError> {
        self.catalog.role(&self.session.current_user)
    }
}

/// An argument of a call.
struct Argument<'a> {
    value: &'a Datum,
    /// Materialize's name of its type.
    ty: &'a str,
}

impl Argument<'_> {
    fn text(&self) -> String {
        super::text::wire_in_sql(self.value, self.ty)
    }

    /// The number, if it is one: an object id where names would do as well.
    fn number(&self) -> Option<u64> {
        match self.value {
            Datum::Int(n) => Some(*n as u64),
            Datum::Uint(n) => Some(*n),
            _ => None,
        }
    }
}

type Body = fn(&Facts, &[Argument]) -> Result<Datum, SqlError>;

/// One function with all its forms.
struct Inquiry {
    name: &'static str,
    /// The fewest and the most arguments.
    arguments: (usize, usize),
    ty: &'static str,
    /// Null for an argument that is null.
    strict: bool,
    body: Body,
}

const fn strict(name: &'static str, arguments: (usize, usize), ty: &'static str, body: Body) -> Inquiry {
    Inquiry { name, arguments, ty, strict: true, body }
}

const fn lenient(name: &'static str, arguments: (usize, usize), ty: &'static str, body: Body) -> Inquiry {
    Inquiry { name, arguments, ty, strict: false, body }
}

fn boolean(value: bool) -> Datum {
    Datum::Bool(value)
}

fn text(value: impl Into<String>) -> Datum {
    Datum::Text(value.into())
}

fn optional(value: Option<impl Into<String>>) -> Datum {
    value.map_or(Datum::Null, text)
}

fn texts<S: Into<String>>(values: impl IntoIterator<Item = S>) -> Datum {
    Datum::Array(values.into_iter().map(text).collect())
}

fn find(name: &str) -> Option<&'static Inquiry> {
    [access::ALL, acl::ALL, json::ALL, names::ALL, settings::ALL]
        .into_iter()
        .flatten()
        .find(|inquiry| inquiry.name == name)
}

/// Does the cast to text of such a type ask the catalog?
pub fn is_asked(ty: &str) -> bool {
    matches!(ty, "mz_aclitem" | "aclitem" | "regclass" | "regtype")
}

/// The text of a value whose type [`is_asked`].
fn shown(facts: &Facts, argument: &Argument) -> Datum {
    match argument.ty {
        "mz_aclitem" => acl::named(facts, &argument.text()),
        "aclitem" => acl::numbered(facts, &argument.text()),
        "regclass" | "regtype" => names::shown(facts, argument),
        _ => text(argument.text()),
    }
}

/// Is there a function of that name here?
pub fn knows(name: &str) -> bool {
    find(name).is_some()
}

/// The function of that name; `facts` is asked for only if there is one.
pub fn function(name: &str, facts: impl FnOnce() -> Arc<Facts>) -> Option<Arc<ScalarUDF>> {
    let inquiry = find(name)?;
    let forms = (inquiry.arguments.0..=inquiry.arguments.1).map(|n| match n {
        0 => TypeSignature::Nullary,
        n => TypeSignature::Any(n),
    });
    let signature = Signature::one_of(forms.collect(), Volatility::Immutable);
    Some(Arc::new(ScalarUDF::from(Asking { inquiry, facts: facts(), signature })))
}

/// A function with what it knows.
struct Asking {
    inquiry: &'static Inquiry,
    facts: Arc<Facts>,
    signature: Signature,
}

// Within a query all functions of one name know the same.
impl PartialEq for Asking {
    fn eq(&self, other: &Self) -> bool {
        self.inquiry.name == other.inquiry.name
    }
}
impl Eq for Asking {}
impl Hash for Asking {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.inquiry.name.hash(state);
    }
}
impl std::fmt::Debug for Asking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.inquiry.name)
    }
}

impl ScalarUDFImpl for Asking {
    fn name(&self) -> &str {
        self.inquiry.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(types::arrow_type(self.inquiry.ty))
    }

    fn return_field_from_args(&self, _: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(Arc::new(types::field(self.inquiry.name, self.inquiry.ty, true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let names: Vec<String> = args.arg_fields.iter().map(|field| types::materialize_type(field)).collect();
        let scalar = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if scalar { 1 } else { args.number_rows };
        let columns: Vec<Vec<Datum>> =
            args.args.into_iter().map(|arg| types::datums(&arg.into_array(rows)?)).collect::<Result<_>>()?;
        let mut answers = Vec::with_capacity(rows);
        for row in 0..rows {
            let arguments: Vec<Argument> =
                columns.iter().zip(&names).map(|(column, ty)| Argument { value: &column[row], ty }).collect();
            answers.push(match self.inquiry.strict && arguments.iter().any(|a| *a.value == Datum::Null) {
                true => Datum::Null,
                false => (self.inquiry.body)(&self.facts, &arguments).map_err(super::errors::pass)?,
            });
        }
        let array = types::column(self.inquiry.ty, &mut answers.iter())?;
        Ok(if scalar {
            ColumnarValue::Scalar(ScalarValue::try_from_array(&array, 0)?)
        } else {
            ColumnarValue::Array(array)
        })
    }
}
