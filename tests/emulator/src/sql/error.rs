//! Constructors of [`SqlError`] for the classes of errors the server distinguishes.

use crate::datum::SqlError;

/// An error with any SQLSTATE.
pub fn with_code(code: &'static str, message: impl Into<String>) -> SqlError {
    SqlError { code, message: message.into(), detail: None, hint: None, position: None }
}

/// `XX000`: what Materialize answers to nearly everything that is wrong with a statement's meaning.
pub fn plan(message: impl Into<String>) -> SqlError {
    with_code("XX000", message)
}

/// Text that is no value of a type; of integers the server says what is wrong with them.
pub fn invalid_input(ty: &str, text: &str) -> SqlError {
    let number = matches!(ty, "smallint" | "integer" | "bigint" | "uint2" | "uint4" | "uint8");
    let wrong = match text.trim().parse::<i128>() {
        Err(e) if number => format!("{e}: "),
        Ok(n) if number && n < 0 && ty.starts_with('u') => "invalid digit found in string: ".into(),
        Ok(n) if number && n < 0 => "number too small to fit in target type: ".into(),
        Ok(_) if number => "number too large to fit in target type: ".into(),
        _ => String::new(),
    };
    plan(format!("invalid input syntax for type {ty}: {wrong}\"{text}\""))
}

/// `42601` at a one-based character position.
pub fn syntax(message: impl Into<String>, position: usize) -> SqlError {
    SqlError { position: Some(position), ..with_code("42601", message) }
}

/// `42501`: the role lacks a privilege.
pub fn denied(message: impl Into<String>, detail: Option<String>) -> SqlError {
    SqlError { detail, ..with_code("42501", message) }
}

/// A statement that Materialize knows and this emulator does not.
pub fn unsupported(what: &str) -> SqlError {
    with_code("0A000", format!("the emulator does not support {what}"))
}

/// Adds a hint.
pub trait Hint {
    fn hint(self, hint: impl Into<String>) -> Self;
    fn detail(self, detail: impl Into<String>) -> Self;
}

impl Hint for SqlError {
    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}
