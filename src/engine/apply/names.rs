//! Names that are still taken. What is created or renamed may get the name of an object which the same apply renames or
//! drops, and Terraform knows no order between the two: so the name is waited for. Objects that exchange their names wait
//! for each other, and one of them steps aside; two schemas or clusters are swapped, so that no name is missing for a moment.

use std::time::{Duration, Instant};

use super::Work;
use crate::catalog::{CatalogError, ErrorKind};
use crate::sql::{Name, Statement};

/// How long a name may stay taken while its object is about to give it up.
const LONGEST: Duration = Duration::from_secs(60);
/// How long after names were last given up: what gives up this one may not have begun, as others had to go before it.
const GRACE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(100);

/// Whether the server refused because something else has the name.
pub fn is_taken(error: &CatalogError) -> bool {
    error.kind == ErrorKind::Server
        && (error.message.contains("already exists") || error.message.contains("uniqueness violation"))
}

impl Work<'_> {
    /// Whether to try again, as the name may be free now: waits a little, for as long as that is to be expected.
    pub async fn comes_free(&self, name: &Name, error: &CatalogError, begun: Instant) -> bool {
        let quiet = self.renames.stirred().map_or(begun, |stirred| stirred.max(begun)).elapsed();
        let leaves = || self.renames.leaves(self.region, self.kind(), name);
        let waits = is_taken(error) && begun.elapsed() < LONGEST && (quiet < GRACE || leaves());
        if waits {
            tokio::time::sleep(PAUSE).await;
        }
        waits
    }

    /// Renames the object to the last part of `new`.
    pub async fn rename(&self, old: &Name, new: &Name) -> Result<(), (CatalogError, Statement)> {
        let statement = |from: &Name, to: &str| Statement::alter(self.kind(), from).word("RENAME TO").ident(to);
        let (begun, mut from) = (Instant::now(), old.clone());
        loop {
            let rename = statement(&from, new.last());
            let Err(error) = self.session.execute(&rename).await else { return Ok(()) };
            if self.renames.was_swapped(self.region, self.kind(), old) {
                return Ok(());
            }
            let exchanged = || self.renames.steps_aside(self.region, self.kind(), old, new);
            if from == *old && is_taken(&error) && exchanged() {
                if self.kind().can_swap() && self.renames.is_exchange(self.region, self.kind(), old, new) {
                    let swap = Statement::alter(self.kind(), old).word("SWAP WITH").ident(new.last());
                    self.session.execute(&swap).await.map_err(|error| (error, swap))?;
                    self.renames.swapped(self.region, self.kind(), new);
                    return Ok(());
                }
                let id = self.prior.get("id").as_text().unwrap_or_default();
                from = old.renamed(&format!("terraform_{}", id.rsplit(':').next().unwrap_or_default()));
                let step = statement(old, from.last());
                self.session.execute(&step).await.map_err(|error| (error, step))?;
            } else if !self.comes_free(new, &error, begun).await {
                return Err((error, rename));
            }
        }
    }
}
