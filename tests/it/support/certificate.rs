//! An authority of a test's own and a certificate of it.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// In PEM.
pub struct Certificates {
    pub authority: String,
    pub chain: String,
    pub key: String,
}

impl Certificates {
    /// A certificate for this host name, valid for long.
    pub fn make(host: &str) -> Self {
        Self::until(host, 4000)
    }

    /// One that is no longer valid.
    pub fn expired(host: &str) -> Self {
        Self::until(host, 2001)
    }

    /// One that vouches for itself.
    pub fn self_signed(host: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
        let chain = params.self_signed(&key).expect("a certificate").pem();
        Self { authority: Self::make(host).authority, chain, key: key.serialize_pem() }
    }

    fn until(host: &str, year: i32) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "an authority of the tests");
        let authority = params.self_signed(&key).expect("a certificate").pem();
        let issuer = Issuer::new(params, key);
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
        (params.not_before, params.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(year, 1, 1));
        let chain = params.signed_by(&key, &issuer).expect("a certificate").pem();
        Self { authority, chain, key: key.serialize_pem() }
    }
}
