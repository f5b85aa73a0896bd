//! The signature of the sums: a detached one of OpenPGP in its binary form, as registries check it.

use std::path::Path;

use anyhow::{Context, Result};
use pgp::composed::{
    ArmorOptions, Deserializable, DetachedSignature, KeyType, SecretKeyParamsBuilder, SignedSecretKey,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::ser::Serialize;
use pgp::types::{KeyDetails, Password, SigningKey, VerifyingKey};

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

    /// A new key that does nothing but sign, without a pass phrase.
    pub fn generate(user: &str) -> Result<Self> {
        let mut params = SecretKeyParamsBuilder::default();
        params.key_type(KeyType::Ed25519Legacy).can_certify(true).can_sign(true).primary_user_id(user.to_owned());
        Ok(Self::new(params.build()?.generate(rand::rngs::OsRng)?, ""))
    }

    /// The id by which registries name the key: 16 hexadecimal digits.
    pub fn key_id(&self) -> String {
        self.key.legacy_key_id().to_string().to_uppercase()
    }

    /// The public key, armoured: what a registry gives to those who check.
    pub fn public(&self) -> Result<String> {
        Ok(self.key.to_public_key().to_armored_string(ArmorOptions::default())?)
    }

    /// Signs, and checks the signature before anybody else does. A subkey made for signing goes before the primary key, as
    /// with gpg.
    pub fn sign(&self, content: &[u8]) -> Result<Vec<u8>> {
        let for_signing =
            self.key.secret_subkeys.iter().find(|key| key.signatures.iter().any(|s| s.key_flags().sign()));
        match for_signing.map(|subkey| &subkey.key) {
            Some(key) => self.sign_by(key, key.public_key(), content),
            None => self.sign_by(&self.key.primary_key, self.key.primary_key.public_key(), content),
        }
    }

    fn sign_by(&self, key: &impl SigningKey, public: &impl VerifyingKey, content: &[u8]) -> Result<Vec<u8>> {
        let (random, hash) = (rand::rngs::OsRng, HashAlgorithm::Sha256);
        let made = DetachedSignature::sign_binary_data(random, key, &self.password, hash, content)
            .context("cannot sign: is the pass phrase right?")?;
        made.verify(public, content)?;
        Ok(made.to_bytes()?)
    }
}

#[cfg(test)]
mod tests {
    use pgp::composed::SignedPublicKey;

    use super::*;

    #[test]
    fn a_signature_is_of_the_content_and_by_the_key() {
        let [ours, other] = ["ours", "other"].map(|user| Signer::generate(user).unwrap());
        let made = DetachedSignature::from_bytes(&ours.sign(b"sums").unwrap()[..]).unwrap();
        let [ours, other] = [ours, other].map(|key| SignedPublicKey::from_string(&key.public().unwrap()).unwrap().0);
        assert!(made.verify(&ours, b"sums").is_ok());
        assert!(made.verify(&ours, b"other sums").is_err());
        assert!(made.verify(&other, b"sums").is_err());
    }

    #[test]
    fn what_is_no_key_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key.asc");
        assert!(Signer::read(&file, "").err().unwrap().to_string().contains("cannot read the key"));
        std::fs::write(&file, "secret words").unwrap();
        let error = format!("{:#}", Signer::read(&file, "").err().unwrap());
        assert!(error.contains("no armoured OpenPGP secret key") && !error.contains("secret words"), "{error}");
    }
}
