//! What a value must be, checked before anything is sent.

/// A condition on one value. All are checked by the engine against known, non-null values only.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// One of these texts, exactly.
    OneOf(&'static [&'static str]),
    /// One of these texts in any case.
    OneOfIgnoringCase(&'static [&'static str]),
    /// A whole number between both, inclusive.
    Between(i64, i64),
    /// A text of at most so many bytes (identifiers: 255) and at least one.
    Length(usize, usize),
    /// A text that the function accepts; the words say what is allowed, after "must be".
    Text(fn(&str) -> bool, &'static str),
}
