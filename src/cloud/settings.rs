//! Where the cloud is, and who asks.

use reqwest::Url;

use super::app_password::AppPassword;
use crate::catalog;

/// The cloud's services, as the provider block names them, and what is needed to sign in. `Debug` hides the password.
#[derive(Clone, Debug)]
pub struct CloudSettings {
    /// Users, roles, sign-in.
    pub endpoint: Url,
    /// The list of regions.
    pub cloud_endpoint: Url,
    /// The console, which is part of some identifiers.
    pub base_endpoint: Url,
    pub default_region: String,
    /// `None`: there is none, which is an error as soon as anything is asked.
    pub password: Option<AppPassword>,
    /// What SQL sessions have in common. Host, port and user are those of the region and of the token.
    pub sql: catalog::Settings,
}

/// The address of a service. It must be encrypted, unless it is this very machine.
pub fn service(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{text:?} is no URL: {error}"))?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(format!("{text} is not encrypted: only https is allowed, except to this machine itself")),
        other => Err(format!("{text} has the scheme {other:?}, not https")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str().map(|host| host.trim_matches(['[', ']'])) {
        Some("localhost") => true,
        Some(host) => host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

/// An address with more segments, each escaped; what the address has before them stays.
pub fn join(base: &Url, parts: &[String]) -> Result<Url, String> {
    if let Some(part) = parts.iter().find(|part| matches!(part.as_str(), "" | "." | "..")) {
        return Err(format!("{part:?} cannot be part of an address"));
    }
    let mut url = base.clone();
    url.path_segments_mut().map_err(|()| format!("{base} cannot have a path"))?.pop_if_empty().extend(parts);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_may_be_asked_in_the_clear() {
        for good in ["https://a.example.com", "http://127.0.0.1:80", "http://[::1]:80/x", "http://localhost:1"] {
            assert!(service(good).is_ok(), "{good}");
        }
        for bad in ["http://a.example.com", "http://localhost.example.com", "ftp://127.0.0.1", "a.example.com", ""] {
            assert!(service(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn paths_are_kept_and_segments_escaped() {
        let joined = |base: &str, parts: &[&str]| {
            let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            join(&Url::parse(base).unwrap(), &parts).map(String::from)
        };
        assert_eq!(joined("https://a.b/x/", &["y", "z/../?#%"]).unwrap(), "https://a.b/x/y/z%2F..%2F%3F%23%25");
        assert_eq!(joined("https://a.b", &["y"]).unwrap(), "https://a.b/y");
        assert!(joined("https://a.b", &["y", ".."]).is_err());
    }
}
