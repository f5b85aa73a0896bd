//! TLS as libpq's `sslmode` defines it, and what to say about a certificate that is refused.

use std::sync::Arc;
use std::{fmt, io};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use tokio_postgres_rustls::MakeRustlsConnect;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::oid::db::rfc4519::CN;
use x509_cert::name::Name;

use super::{CatalogError, ErrorKind, Settings, SslMode};

/// The TLS configuration of a session. Reads the trusted certificates.
pub(super) fn config(settings: &Settings) -> Result<MakeRustlsConnect, CatalogError> {
    client(settings.sslmode, settings.sslrootcert.as_deref()).map(MakeRustlsConnect::new)
}

/// The same for HTTP: names and issuers are always verified.
pub fn verified_tls(sslrootcert: Option<&str>) -> Result<ClientConfig, CatalogError> {
    client(SslMode::VerifyFull, sslrootcert)
}

fn client(mode: SslMode, sslrootcert: Option<&str>) -> Result<ClientConfig, CatalogError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let given = match sslrootcert {
        Some(given) if mode >= SslMode::VerifyCa && !given.is_empty() => certificates(given)?,
        _ => Vec::new(),
    };
    let mut roots = RootCertStore::empty();
    if mode >= SslMode::VerifyCa {
        let system = if given.is_empty() { rustls_native_certs::load_native_certs().certs } else { Vec::new() };
        roots.add_parsable_certificates(given.iter().cloned().chain(system));
    }
    let verifier = Verifier { mode, roots, given, provider: provider.clone() };
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| CatalogError::new(ErrorKind::Tls, error.to_string()))?
        .dangerous() // rustls's word for a verifier of one's own
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// The certificates in a PEM text, or in the file that has this path.
fn certificates(given: &str) -> Result<Vec<CertificateDer<'static>>, CatalogError> {
    let fail = |why: String| {
        CatalogError::new(ErrorKind::Tls, format!("cannot read the trusted certificates: {why}"))
            .hint("`sslrootcert` (MZ_SSLROOTCERT) is a PEM text or the path of a PEM file")
    };
    let (pem, origin) = match given.contains("-----BEGIN") {
        true => (given.as_bytes().to_vec(), "the text"),
        false => (std::fs::read(given).map_err(|error| fail(format!("{given}: {error}")))?, given),
    };
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match found {
        Ok(found) if found.is_empty() => Err(fail(format!("no certificate in {origin}"))),
        Ok(found) => Ok(found),
        Err(error) => Err(fail(format!("{origin}: {error}"))),
    }
}

/// Checks of the server's certificate what the mode asks for. There is no revocation check, as in libpq's default.
#[derive(Debug)]
struct Verifier {
    mode: SslMode,
    roots: RootCertStore,
    /// The certificates of `sslrootcert`.
    given: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn check(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Error> {
        if self.mode < SslMode::VerifyCa {
            return Ok(());
        }
        let parsed = ParsedCertificate::try_from(certificate)?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        match verify_server_cert_signed_by_trust_anchor(&parsed, &self.roots, intermediates, now, algorithms) {
            // A self-signed certificate may call itself an authority, as OpenSSL's do by default; that is refused for
            // a server, after its dates were found right. It is the very one that the user trusts, so it may pass.
            Err(error) if self.given.contains(certificate) && is_authority(&error) => {}
            other => other?,
        }
        if self.mode == SslMode::VerifyFull { verify_server_name(&parsed, name) } else { Ok(()) }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(certificate, intermediates, name, now).map_err(|error| {
            let refused = Refused::new(certificate, error, !self.given.is_empty());
            Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refused))))
        })?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Whether a server's certificate was refused for being an authority's. rustls has no name for this error of webpki.
fn is_authority(error: &Error) -> bool {
    format!("{error:?}").contains("CaUsedAsEndEntity")
}

/// Why a certificate was refused, and what to do; travels inside rustls's error.
#[derive(Debug)]
struct Refused {
    /// `(subject "…", issued by "…")`.
    which: String,
    why: String,
    hint: &'static str,
}

impl Refused {
    fn new(certificate: &CertificateDer<'_>, error: Error, own_roots: bool) -> Self {
        let which = match names(certificate) {
            Some((issuer, subject)) => format!("subject {subject:?}, issued by {issuer:?}"),
            None => "which cannot be read".to_owned(),
        };
        let (why, hint) = match &error {
            // A bad signature: the authority has the name of a trusted one, and another key.
            Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
                let whom = if own_roots { "in `sslrootcert`" } else { "that this system trusts" };
                (format!("it is not issued by an authority {whom}"), TRUST)
            }
            error if is_authority(error) => {
                ("it is an authority's own, which must itself be in `sslrootcert` to be accepted".to_owned(), TRUST)
            }
            Error::InvalidCertificate(CertificateError::NotValidForNameContext { expected, presented }) => {
                // Each is written `DnsName("name")`.
                let names: Vec<_> = presented.iter().map(|name| name.split('"').nth(1).unwrap_or(name)).collect();
                let names = if names.is_empty() { "no name at all".to_owned() } else { names.join(", ") };
                (format!("it is for {names}, not for {:?}", expected.to_str()), NAME)
            }
            Error::InvalidCertificate(CertificateError::ExpiredContext { time, not_after }) => {
                let days = time.as_secs().saturating_sub(not_after.as_secs()) / 86_400;
                (format!("it expired {days} days ago"), RENEW)
            }
            Error::InvalidCertificate(CertificateError::NotValidYetContext { .. }) => {
                ("it is not valid yet, if this computer's clock is right".to_owned(), RENEW)
            }
            other => (other.to_string(), RENEW),
        };
        Self { which, why, hint }
    }
}

const TRUST: &str = "set `sslrootcert` (MZ_SSLROOTCERT) to the certificate of the authority that issued it, or \
                     `sslmode` (MZ_SSLMODE) to \"require\" to encrypt without knowing who answers";

const NAME: &str = "connect by a name of the certificate, or set `sslmode` (MZ_SSLMODE) to \"verify-ca\" to accept any";

const RENEW: &str = "the server needs a valid certificate; `sslmode` (MZ_SSLMODE) = \"require\" encrypts without \
                     knowing who answers";

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server's certificate ({}) is refused: {}", self.which, self.why)
    }
}

impl std::error::Error for Refused {}

/// A failed handshake in plain words, if it failed for a reason of TLS and not of the network.
pub(super) fn failure(place: &str, error: &io::Error) -> Option<CatalogError> {
    if error.kind() == io::ErrorKind::InvalidInput {
        return Some(insecure(place, error)); // The host's name is none that a certificate could have.
    }
    refusal(place, error.get_ref()?)
}

/// The same of an error in a chain of causes, in however many wrappings.
pub fn refusal(place: &str, mut error: &(dyn std::error::Error + 'static)) -> Option<CatalogError> {
    while let Some(inner) = error.downcast_ref::<io::Error>() {
        error = inner.get_ref()?;
    }
    let error = error.downcast_ref::<Error>()?;
    let refused = match error {
        Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) => inner.downcast_ref::<Refused>(),
        _ => None,
    };
    Some(match refused {
        Some(refused) => insecure(place, refused).hint(refused.hint),
        None => insecure(place, error),
    })
}

fn insecure(place: &str, why: &dyn fmt::Display) -> CatalogError {
    CatalogError::new(ErrorKind::Tls, format!("no secure connection to {place}: {why}"))
}

/// Issuer and subject of a certificate: their common names, or whatever else they are called.
fn names(certificate: &[u8]) -> Option<(String, String)> {
    let certificate = Certificate::from_der(certificate).ok()?.tbs_certificate;
    Some((common_name(&certificate.issuer), common_name(&certificate.subject)))
}

/// The last common name of a distinguished name, else its last attribute.
fn common_name(name: &Name) -> String {
    let attributes = || name.0.iter().flat_map(|set| set.0.iter());
    let found = attributes().rfind(|attribute| attribute.oid == CN).or_else(|| attributes().next_back());
    found.map(|attribute| String::from_utf8_lossy(attribute.value.value()).into_owned()).unwrap_or_default()
}
