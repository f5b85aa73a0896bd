//! Tokens: signed as the service signs them, and known by name to whoever checks them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as Rsa, KeySize};
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

/// A key that lives as long as the emulator.
pub struct Signer {
    key: RsaKeyPair,
}

impl Signer {
    pub fn new() -> std::io::Result<Self> {
        Rsa::generate(KeySize::Rsa2048)
            .map(|key| Self { key })
            .map_err(|_| std::io::Error::other("no key could be made"))
    }

    /// A JSON web token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": "emulator" });
        let text = [header.to_string(), claims.to_string()].map(|part| base64(part.as_bytes())).join(".");
        let mut signature = vec![0; self.key.public_modulus_len()];
        let signed = self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature);
        signed.expect("the buffer has the size of the key");
        format!("{text}.{}", base64(&signature))
    }

    /// The public half, as `/.well-known/jwks.json` shows it.
    pub fn public(&self) -> Value {
        let key = self.key.public_key();
        let [n, e] =
            [key.modulus().big_endian_without_leading_zero(), key.exponent().big_endian_without_leading_zero()];
        json!({ "keys": [{ "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "emulator", "n": base64(n), "e": base64(e) }] })
    }
}

/// URL-safe base64 without padding.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        (0..=chunk.len()).for_each(|i| out.push(LETTERS[(group >> (18 - 6 * i)) as usize & 63].into()));
    }
    out
}

/// The client id and the secret in an app password of any form; `None`: it is none.
pub fn app_password(text: &str) -> Option<(String, String)> {
    let body = text.strip_prefix("mzp_")?;
    let bytes: Vec<u8> = if matches!(body.len(), 43 | 44) {
        let value = |c: char| match c {
            'A'..='Z' => Some(c as u32 - 'A' as u32),
            'a'..='z' => Some(c as u32 - 'a' as u32 + 26),
            '0'..='9' => Some(c as u32 - '0' as u32 + 52),
            '-' => Some(62),
            '_' => Some(63),
            _ => None,
        };
        let bits: Vec<u32> = body.trim_end_matches('=').chars().map(value).collect::<Option<_>>()?;
        let byte = |i: usize| {
            bits.iter().enumerate().fold(0u32, |byte, (at, six)| {
                let shift = 8 * (i as i32 + 1) - 6 * (at as i32 + 1);
                byte | if shift >= 0 { six << shift.min(31) } else { six >> (-shift).min(31) } & 255
            })
        };
        (0..32).map(|i| byte(i) as u8).collect()
    } else {
        let digits: Vec<u32> =
            body.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
        digits.chunks(2).map(|pair| (pair[0] << 4 | pair.get(1).copied().unwrap_or(0)) as u8).collect()
    };
    (bytes.len() == 32).then(|| (uuid(&bytes[..16]), uuid(&bytes[16..])))
}

/// The usual writing of sixteen bytes.
fn uuid(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// A new id.
pub fn new_id() -> String {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).expect("random numbers");
    uuid(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let id = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0".to_owned();
        let expected = Some((id, "fedcba98-7654-3210-0123-456789abcdef".to_owned()));
        for text in [
            "mzp_0f1e2d3c4b5a69788796a5b4c3d2e1f0fedcba98765432100123456789abcdef",
            "mzp_Dx4tPEtaaXiHlqW0w9Lh8P7cuph2VDIQASNFZ4mrze8",
            "mzp_Dx4tPEtaaXiHlqW0w9Lh8P7cuph2VDIQASNFZ4mrze8=",
        ] {
            assert_eq!(app_password(text), expected, "{text}");
        }
        assert_eq!(base64(b"any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw");
    }
}
