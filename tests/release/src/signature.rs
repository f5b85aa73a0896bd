//! The signature of the sums: a detached one of OpenPGP in its binary form, as registries check it.

use std::path::Path;

use anyhow::{Context, Result};
use pgp::composed::{Deserializable, DetachedSignature, SignedSecretKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::ser::Serialize;
use pgp::types::Password;

/// A secret key and its pass phrase.
pub struct Signer {
    key: SignedSecretKey,
    password: Password,
}

impl Signer {
    pub fn new(key: SignedSecretKey, passphrase: &str) -> Self {
        Self { key, password: Password::from(passphrase) }
    }

    /// The key of an armoured file, as `gpg --export-secret-keys --armor` writes it.
    pub fn read(file: &Path, passphrase: &str) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read the key {}", file.display()))?;
        let (key, _) = SignedSecretKey::from_string(&text)
            .with_context(|| format!("{} holds no armoured OpenPGP secret key", file.display()))?;
        Ok(Self::new(key, passphrase))
    }

    /// Signs, and checks the signature before anybody else does. A subkey made for signing goes before the primary key, as
    /// with gpg.
    pub fn sign(&self, content: &[u8]) -> Result<Vec<u8>> {
        let for_signing =
            self.key.secret_subkeys.iter().find(|key| key.signatures.iter().any(|s| s.key_flags().sign()));
        let (random, hash) = (rand::rngs::OsRng, HashAlgorithm::Sha256);
        let cannot = "cannot sign: is the pass phrase right?";
        let signature = match for_signing {
            Some(subkey) => {
                let made = DetachedSignature::sign_binary_data(random, &subkey.key, &self.password, hash, content)
                    .context(cannot)?;
                made.verify(subkey.key.public_key(), content)?;
                made
            }
            None => {
                let key = &self.key.primary_key;
                let made =
                    DetachedSignature::sign_binary_data(random, key, &self.password, hash, content).context(cannot)?;
                made.verify(key.public_key(), content)?;
                made
            }
        };
        Ok(signature.to_bytes()?)
    }
}
