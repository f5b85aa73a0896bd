//! Conditions across attributes of one object or block.

/// A condition that holds between attributes of the same object. Names are of the object's own attributes; a rule
/// about a block's inside stands in that block's attribute list with the block.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Exactly one of these is set.
    ExactlyOneOf(&'static [&'static str]),
    /// At least one of these is set.
    AtLeastOneOf(&'static [&'static str]),
    /// The first may not be set together with any of the others.
    Conflicts(&'static str, &'static [&'static str]),
    /// If any of the first is set, so must be all of the others.
    Requires(&'static [&'static str], &'static [&'static str]),
}

impl Rule {
    /// If any of these is set, so must be all of them.
    pub const fn together(names: &'static [&'static str]) -> Self {
        Rule::Requires(names, names)
    }
}
