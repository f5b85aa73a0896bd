//! Every `sslmode` against every kind of certificate.

use std::sync::Arc;

use provider::catalog::{CatalogError, ErrorKind, Session, Settings, SslMode};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use super::fake::{Fake, Peer};
use super::show;

/// A certificate with its key, and the PEM text of what a client must trust to accept it.
struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
    trust: String,
}

fn params(name: &str, common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    params.distinguished_name.push(DnType::CommonName, common_name);
    params
}

/// Issued by a test authority.
fn issued(params: CertificateParams) -> Identity {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "Test Authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (authority_key, key) = (KeyPair::generate().expect("a key"), KeyPair::generate().expect("a key"));
    let trust = authority.self_signed(&authority_key).expect("an authority").pem();
    let issuer = Issuer::from_params(&authority, &authority_key);
    Identity { certificate: params.signed_by(&key, &issuer).expect("a certificate").into(), key, trust }
}

/// Issued by itself.
fn own(params: CertificateParams) -> Identity {
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    Identity { trust: certificate.pem(), certificate: certificate.into(), key }
}

/// A server with this certificate that speaks TLS and answers one query.
async fn server(identity: &Identity) -> Fake {
    let key = PrivatePkcs8KeyDer::from(identity.key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate.clone()], key.into())
        .expect("a certificate with its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Fake::start(move |_, mut stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut request = [0; 8];
            stream.read_exact(&mut request).await.ok()?;
            assert_eq!(request, [0, 0, 0, 8, 4, 210, 22, 47], "SSLRequest");
            stream.write_all(b"S").await.ok()?;
            let (mut peer, _) = Peer::welcome(acceptor.accept(stream).await.ok()?).await?;
            peer.query().await?;
            peer.rows("database", &["materialize"]).await
        }
    })
    .await
}

/// Connects to a new server with this certificate.
async fn connect(identity: &Identity, sslmode: SslMode, sslrootcert: Option<&str>) -> Result<(), CatalogError> {
    let fake = server(identity).await;
    let settings =
        Settings { host: "localhost".into(), sslmode, sslrootcert: sslrootcert.map(str::to_owned), ..fake.settings() };
    let answer = Session::new(settings).execute(&show()).await.map(drop);
    assert_eq!(fake.connections(), 1, "a refused certificate is not asked for again");
    answer
}

#[tokio::test]
async fn each_mode_checks_what_its_name_says() {
    let mut expired = params("localhost", "Old Server");
    expired.not_after = date_time_ymd(2020, 2, 3);
    let mut itself = params("localhost", "Lone Server");
    itself.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let mut both = itself.clone();
    both.not_after = date_time_ymd(2020, 2, 3);
    // Certificate, trusted through its authority; what verify-ca and verify-full say to that.
    let cases = [
        ("issued", issued(params("localhost", "Server")), None, None),
        ("own", own(params("localhost", "Lone Server")), None, None),
        ("own authority", own(itself), None, None),
        (
            "wrong name",
            issued(params("db.example.com", "Server")),
            None,
            Some("it is for db.example.com, not for \"localhost\""),
        ),
        ("expired", issued(expired), Some("it expired"), Some("it expired")),
        ("own authority, expired", own(both), Some("it expired"), Some("it expired")),
    ];
    for (name, identity, ca, full) in &cases {
        let trust = Some(identity.trust.as_str());
        assert_eq!(connect(identity, SslMode::Require, None).await, Ok(()), "{name}");
        assert_eq!(connect(identity, SslMode::Require, trust).await, Ok(()), "{name}: require verifies nothing");
        for (mode, words) in [(SslMode::VerifyCa, ca), (SslMode::VerifyFull, full)] {
            let answer = connect(identity, mode, trust).await;
            match words {
                None => assert_eq!(answer, Ok(()), "{name}, {mode:?}"),
                Some(words) => {
                    let error = answer.expect_err(name);
                    assert_eq!(error.kind, ErrorKind::Tls);
                    assert!(error.message.contains(words) && error.hint.is_some(), "{error:?}");
                }
            }
            // Nobody trusts the authority: neither the system nor who trusts another one, be it of the same name.
            let stranger = issued(params("localhost", "Other"));
            for (trust, words) in [(None, "that this system trusts"), (Some(&stranger.trust[..]), "`sslrootcert`")] {
                let error = connect(identity, mode, trust).await.expect_err(name);
                let words = match name.split(',').collect::<Vec<_>>()[..] {
                    ["expired"] | [_, " expired"] => "expired",
                    ["own authority"] => "an authority's own",
                    _ => words,
                };
                assert!(error.kind == ErrorKind::Tls && error.message.contains(words), "{name}: {error}");
                assert!(error.hint.as_deref().unwrap_or_default().contains("MZ_SSL"), "{error:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_refused_certificate_is_named() {
    let identity = issued(params("localhost", "Server of Joe"));
    let error = connect(&identity, SslMode::VerifyFull, None).await.expect_err("unknown authority");
    for word in ["localhost:", "subject \"Server of Joe\"", "issued by \"Test Authority\"", "trusts"] {
        assert!(error.message.contains(word), "{word} in {error}");
    }
    let hint = error.hint.expect("advice");
    assert!(hint.contains("MZ_SSLROOTCERT") && hint.contains("MZ_SSLMODE"), "{hint}");
}

#[tokio::test]
async fn trusted_certificates_come_from_a_text_or_a_file() {
    let identity = issued(params("localhost", "Server"));
    let file = std::env::temp_dir().join(format!("catalog-tls-{}.pem", std::process::id()));
    std::fs::write(&file, format!("A comment\n{}", identity.trust)).expect("a file");
    let path = file.to_str().expect("a path").to_owned();
    assert_eq!(connect(&identity, SslMode::VerifyFull, Some(&path)).await, Ok(()));
    std::fs::write(&file, "no certificate").expect("a file");
    let settings = Settings { sslrootcert: Some(path), ..Settings::default() };
    let error = super::failure(settings).await;
    std::fs::remove_file(&file).expect("the file");
    assert!(error.kind == ErrorKind::Tls && error.message.contains("no certificate in"), "{error}");
    for (wrong, word) in
        [("/no/such.pem", "/no/such.pem"), ("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----", "text")]
    {
        let error = super::failure(Settings { sslrootcert: Some(wrong.into()), ..Settings::default() }).await;
        assert!(error.kind == ErrorKind::Tls && error.message.contains(word), "{error}");
        assert!(error.hint.expect("advice").contains("sslrootcert"));
    }
}

#[tokio::test]
async fn without_tls_nothing_is_checked() {
    let fake = Fake::start(|_, stream| async move {
        let (mut peer, _) = Peer::welcome(stream).await?;
        peer.query().await?;
        peer.rows("database", &["materialize"]).await
    })
    .await;
    let settings = Settings { sslmode: SslMode::Disable, sslrootcert: Some("/no/such.pem".into()), ..fake.settings() };
    Session::new(settings).execute(&show()).await.expect("an answer");
}
