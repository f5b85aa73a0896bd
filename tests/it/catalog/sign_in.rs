//! Signing in with a password: in the clear, and by SCRAM (RFC 5802), where both sides prove that they know it.

use std::num::NonZeroU32;

use aws_lc_rs::{digest, hmac, pbkdf2};
use base64::prelude::{BASE64_STANDARD, Engine};
use provider::catalog::{CatalogError, ErrorKind, Session, Settings};

use super::fake::{Fake, Peer};
use super::show;

const PASSWORD: &str = "pencil' ü";

async fn sign_in(fake: &Fake, password: &str) -> Result<(), CatalogError> {
    let settings = Settings { password: Some(password.into()), ..fake.settings() };
    Session::new(settings).execute(&show()).await.map(drop)
}

#[tokio::test]
async fn a_password_is_sent_when_asked_for() {
    let fake = Fake::start(|_, stream| async move {
        let mut peer = Peer(Box::new(stream));
        peer.startup().await?;
        peer.send(b'R', &[0, 0, 0, 3]).await?;
        assert_eq!(peer.message(b'p').await?, PASSWORD);
        peer.admit().await?;
        peer.query().await?;
        peer.rows("database", &["materialize"]).await
    })
    .await;
    assert_eq!(sign_in(&fake, PASSWORD).await, Ok(()));
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

/// How the server proves that it knows the password itself.
#[derive(Clone, Copy, PartialEq)]
enum Proof {
    Right,
    Wrong,
    Skipped,
}

/// The server's side.
async fn scram(peer: &mut Peer, proof_of_server: Proof) -> Option<()> {
    let authentication = |kind: u8, text: &str| [&[0, 0, 0, kind], text.as_bytes()].concat();
    peer.send(b'R', &authentication(10, "SCRAM-SHA-256\0\0")).await?;
    let first = peer.message(b'p').await?;
    let client_first = first.split_once("n,,").expect("no channel binding").1;
    let nonce = client_first.split_once("r=").expect("a nonce").1;
    let salt = b"salt of the server";
    let server_first = format!("r={nonce}more,s={},i=4096", BASE64_STANDARD.encode(salt));
    peer.send(b'R', &authentication(11, &server_first)).await?;
    let last = peer.message(b'p').await?;
    let (without_proof, proof) = last.split_once(",p=").expect("a proof");

    let mut salted = [0; 32];
    let rounds = NonZeroU32::new(4096).expect("not zero");
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, PASSWORD.as_bytes(), &mut salted);
    let client_key = mac(&salted, "Client Key");
    let exchange = format!("{client_first},{server_first},{without_proof}");
    let signature = mac(digest::digest(&digest::SHA256, &client_key).as_ref(), &exchange);
    let expected: Vec<u8> = client_key.iter().zip(signature).map(|(a, b)| a ^ b).collect();
    if BASE64_STANDARD.decode(proof).ok()? != expected {
        return peer.error("FATAL", &["C28P01", "Minvalid password"]).await;
    }
    let key = if proof_of_server == Proof::Right { mac(&salted, "Server Key") } else { vec![0; 32] };
    let signature = BASE64_STANDARD.encode(mac(&key, &exchange));
    if proof_of_server != Proof::Skipped {
        peer.send(b'R', &authentication(12, &format!("v={signature}"))).await?;
    }
    peer.admit().await?;
    peer.query().await?;
    peer.rows("database", &["materialize"]).await
}

#[tokio::test]
async fn scram_proves_the_password_on_both_sides() {
    for proof in [Proof::Right, Proof::Wrong, Proof::Skipped] {
        let fake = Fake::start(move |_, stream| async move {
            let mut peer = Peer(Box::new(stream));
            peer.startup().await?;
            scram(&mut peer, proof).await
        })
        .await;
        let right = sign_in(&fake, PASSWORD).await;
        let wrong = sign_in(&fake, "pen").await.expect_err("a wrong password");
        assert_eq!((wrong.kind, wrong.code.as_deref()), (ErrorKind::Auth, Some("28P01")));
        match proof {
            Proof::Right => assert_eq!(right, Ok(())),
            _ => {
                let error = right.expect_err("an impostor");
                assert!(error.kind == ErrorKind::Auth && error.message.contains("failed its part"), "{error}");
            }
        }
        assert_eq!(fake.connections(), 2, "neither is tried again");
    }
}

#[tokio::test]
async fn an_unknown_method_is_refused() {
    let other = [&[0, 0, 0, 10], &b"OAUTHBEARER\0\0"[..]].concat();
    for method in [vec![0, 0, 0, 7], other] {
        let fake = Fake::start(move |_, stream| {
            let method = method.clone();
            async move {
                let mut peer = Peer(Box::new(stream));
                peer.startup().await?;
                peer.send(b'R', &method).await
            }
        })
        .await;
        let error = sign_in(&fake, PASSWORD).await.expect_err("no such method");
        assert!(error.kind == ErrorKind::Auth && error.message.contains("other than a password"), "{error}");
    }
}
