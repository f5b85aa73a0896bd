//! What happened, as the log of the catalog tells it.

use super::{Rows, Scope, optional, text};
use crate::datum::Datum;

pub fn rows(c: &Scope, relation: &str) -> Option<Rows> {
    let row = |(id, event): (u64, &crate::catalog::audit::Event)| {
        vec![
            Datum::Uint(id),
            text(event.action),
            text(&event.kind),
            text(&event.details),
            optional(event.user.as_ref()),
            Datum::Timestamp(event.at),
        ]
    };
    (relation == "mz_audit_events").then(|| c.audit.events().map(row).collect())
}
