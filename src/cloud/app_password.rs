//! App passwords: what signs in to the cloud and to its regions.

use std::fmt;

use base64::Engine;
use base64::prelude::{BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use thiserror::Error;

/// What every app password begins with.
const PREFIX: &str = "mzp_";

/// A client id and its secret. Only the request that signs in shows the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct AppPassword {
    pub client_id: String,
    pub(super) secret: String,
}

/// Why a text is no app password; it does not say the text.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NoAppPassword {
    #[error("an app password begins with `{PREFIX}`")]
    Prefix,
    #[error(
        "behind `{PREFIX}` are {0} characters, where 43 of base64 (or 44 with a `=`), or 64 hexadecimal digits are \
         expected: part of it may be missing"
    )]
    Length(usize),
    #[error("behind `{PREFIX}` are characters that neither hexadecimal digits nor URL-safe base64 have")]
    Characters,
}

impl AppPassword {
    /// Reads either form. The length tells them apart, as base64 may look like hexadecimal digits. Hyphens and colons
    /// between digits do not count, as the server has it.
    pub fn parse(text: &str) -> Result<Self, NoAppPassword> {
        let body = text.strip_prefix(PREFIX).ok_or(NoAppPassword::Prefix)?;
        let bytes = match body.len() {
            43 => BASE64_URL_SAFE_NO_PAD.decode(body).map_err(|_| NoAppPassword::Characters)?,
            44 => BASE64_URL_SAFE.decode(body).map_err(|_| NoAppPassword::Characters)?,
            length => {
                let digits: Vec<char> = body.chars().filter(char::is_ascii_alphanumeric).collect();
                if digits.len() != 64 {
                    return Err(NoAppPassword::Length(length));
                }
                let byte = |pair: &[char]| {
                    let digit = |c: char| c.to_digit(16).map(|digit| digit as u8);
                    Some(digit(pair[0])? << 4 | digit(pair[1])?)
                };
                digits.chunks(2).map(byte).collect::<Option<Vec<u8>>>().ok_or(NoAppPassword::Characters)?
            }
        };
        let [id, secret] = [bytes.get(..16), bytes.get(16..32)].map(|half| half.map(uuid));
        let (client_id, secret) = id.zip(secret).ok_or(NoAppPassword::Length(body.len()))?;
        Ok(Self { client_id, secret })
    }

    /// What a new app password is called as a whole: `mzp_` and the digits of both.
    pub fn join(client_id: &str, secret: &str) -> String {
        format!("{PREFIX}{client_id}{secret}").replace('-', "")
    }
}

/// `0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`.
fn uuid(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

impl fmt::Debug for AppPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppPassword").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "mzp_0f1e2d3c4b5a69788796a5b4c3d2e1f0fedcba98765432100123456789abcdef";
    const BASE64: &str = "mzp_Dx4tPEtaaXiHlqW0w9Lh8P7cuph2VDIQASNFZ4mrze8";

    #[test]
    fn every_form_is_the_same_password() {
        let id = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
        let expected = AppPassword { client_id: id.into(), secret: "fedcba98-7654-3210-0123-456789abcdef".into() };
        let dashed = format!("mzp_{id}-{}", expected.secret);
        for text in [HEX, BASE64, &format!("{BASE64}="), &dashed, &HEX.to_uppercase().replace("MZP", "mzp")] {
            assert_eq!(AppPassword::parse(text).as_ref(), Ok(&expected));
        }
        assert_eq!(AppPassword::join(id, &expected.secret), HEX);
    }

    /// 43 characters are base64 even if all of them are hexadecimal digits.
    #[test]
    fn the_length_decides() {
        assert!(AppPassword::parse(&format!("mzp_{}", "a".repeat(42) + "0")).is_ok());
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        use NoAppPassword::{Characters, Length, Prefix};
        let wrong = [
            (&HEX[4..], Prefix),
            (&HEX[..60], Length(56)),
            (&format!("{HEX}0"), Length(65)),
            (&HEX.replace('f', "x"), Characters),
            (&BASE64.replace('x', "!"), Characters),
        ];
        for (text, why) in wrong {
            assert_eq!(AppPassword::parse(text), Err(why));
            assert!(!why.to_string().contains(&text[8..20]));
        }
        let shown = format!("{:?}", AppPassword::parse(HEX).unwrap());
        assert!(shown.contains("0f1e2d3c") && !shown.contains("fedcba98"), "{shown}");
    }
}
