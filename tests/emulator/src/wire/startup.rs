//! From a new socket to a signed-in session: TLS, startup parameters, password.

use super::Server;
use super::connection::Client;
use super::io::{Channel, Stream};
use crate::datum::SqlError;
use crate::session::Session;
use crate::sql::error::with_code;
use bytes::BytesMut;
use pgwire::messages::response::{ReadyForQuery, TransactionStatus};
use pgwire::messages::startup::{
    Authentication, BackendKeyData, NegotiateProtocolVersion, ParameterStatus, SecretKey, Startup,
};
use pgwire::messages::{PgWireBackendMessage as Back, PgWireFrontendMessage as Front};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};
use std::io::Result;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// The request codes of the two encryption requests.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
const GSS_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x30];

/// Signs a client in; None when it went away, was refused, or only came to cancel.
pub async fn sign_in(server: &Arc<Server>, socket: TcpStream, id: u32) -> Result<Option<Client>> {
    let Some((stream, input, encrypted)) = encrypt(server, socket).await? else { return Ok(None) };
    let mut channel = Channel::new(stream, input, server.faults.clone());
    channel.starting(true);
    let startup = match channel.read().await? {
        Some(Front::Startup(startup)) => startup,
        Some(Front::CancelRequest(request)) => {
            server.cancel(request.pid, request.secret_key.as_i32());
            return Ok(None);
        }
        _ => return Ok(None),
    };
    channel.starting(false);
    match session(server, &mut channel, &startup, encrypted).await? {
        Some(Ok((session, user))) => begin(server, channel, session, user, id).await.map(Some),
        Some(Err(error)) => {
            channel.error("FATAL", &error)?;
            channel.flush().await?;
            Ok(None)
        }
        None => Ok(None),
    }
}

type Encrypted = (Box<dyn Stream>, BytesMut, bool);

/// Answers encryption requests until the client goes on, and hands back what was read too far.
async fn encrypt(server: &Server, mut socket: TcpStream) -> Result<Option<Encrypted>> {
    loop {
        let mut head = [0; 8];
        if socket.read_exact(&mut head).await.is_err() {
            return Ok(None);
        }
        match (head, &server.tls) {
            (SSL_REQUEST, Some(acceptor)) => {
                socket.write_all(b"S").await?;
                let stream = acceptor.accept(socket).await?;
                return Ok(Some((Box::new(stream), BytesMut::new(), true)));
            }
            (SSL_REQUEST | GSS_REQUEST, _) => socket.write_all(b"N").await?,
            _ => return Ok(Some((Box::new(socket), BytesMut::from(&head[..]), false))),
        }
    }
}

/// Checks who the client is. The inner error is for the client; None means that it went away.
async fn session(
    server: &Server,
    channel: &mut Channel,
    startup: &Startup,
    encrypted: bool,
) -> Result<Option<std::result::Result<(Session, String), SqlError>>> {
    if server.options.tls_required && !encrypted {
        return Ok(Some(Err(with_code("08004", "TLS encryption is required"))));
    }
    if startup.protocol_number_minor > 0 {
        channel.send(Back::NegotiateProtocolVersion(NegotiateProtocolVersion::new(0, vec![])))?;
    }
    let mut parameters = parameters(&startup.parameters);
    if let Some(database) = &server.options.database {
        parameters.entry("database".into()).or_insert_with(|| database.clone());
    }
    let Some(user) = parameters.remove("user") else {
        return Ok(Some(Err(with_code("28000", "user parameter required"))));
    };
    if !server.options.passwords.is_empty() || server.options.authenticator.is_some() {
        channel.send(Back::Authentication(Authentication::CleartextPassword))?;
        let Some(Front::PasswordMessageFamily(message)) = channel.read().await? else { return Ok(None) };
        let given = message.into_password().map(|message| message.password);
        if !given.is_ok_and(|given| server.accepts(&user, &given)) {
            return Ok(Some(Err(with_code("28P01", "invalid password"))));
        }
    }
    Ok(Some(Session::new(server.catalog.clone(), &user, &parameters).map(|session| (session, user))))
}

impl Server {
    fn accepts(&self, user: &str, password: &str) -> bool {
        let decided = self.options.authenticator.as_ref().and_then(|decide| decide.0(user, password));
        if let Some(superuser) = decided {
            self.catalog.write(|catalog| catalog.sign_in(user, superuser), |()| true);
            return true;
        }
        let catalog = self.catalog.read();
        let role = catalog.role_names.get(user).and_then(|id| catalog.roles.get(id));
        self.options.passwords.iter().any(|known| known.user == user && known.password == password)
            || role.and_then(|role| role.password.as_ref()).is_some_and(|known| known.0 == password)
    }
}

/// Tells the client that it is in.
async fn begin(server: &Arc<Server>, mut channel: Channel, session: Session, user: String, id: u32) -> Result<Client> {
    let key = std::collections::hash_map::RandomState::new().build_hasher().finish() as i32;
    let bell = Arc::new(Notify::new());
    let process = id as i32;
    server.cancels().insert(process, (key, bell.clone()));
    channel.send(Back::Authentication(Authentication::Ok))?;
    let status = session.parameter_status();
    for (name, value) in &status {
        channel.send(Back::ParameterStatus(ParameterStatus::new(name.clone(), value.clone())))?;
    }
    channel.send(Back::BackendKeyData(BackendKeyData::new(process, SecretKey::I32(key))))?;
    channel.send(Back::ReadyForQuery(ReadyForQuery::new(TransactionStatus::Idle)))?;
    Ok(Client::new(server.clone(), channel, session, user, id, process, bell, status))
}

/// The startup parameters, with what stands in `options` among them.
fn parameters(given: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut parameters = given.clone();
    if let Some(options) = parameters.remove("options") {
        parameters.extend(command_line(&options));
    }
    parameters
}

/// `-c name=value`, `-cname=value`, `--name=value`; a backslash keeps the next character from splitting words.
fn command_line(options: &str) -> Vec<(String, String)> {
    let (mut words, mut word, mut chars) = (Vec::new(), String::new(), options.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => word.extend(chars.next()),
            c if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    let mut words = words.into_iter().filter(|word| !word.is_empty());
    let mut settings = Vec::new();
    while let Some(word) = words.next() {
        let setting = match word.strip_prefix("--").or_else(|| word.strip_prefix("-c")) {
            Some("") => words.next(),
            other => other.map(str::to_owned),
        };
        if let Some((name, value)) = setting.as_deref().and_then(|setting| setting.split_once('=')) {
            settings.push((name.replace('-', "_"), value.to_owned()));
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_as_a_command_line() {
        let found = command_line(r"-c cluster=a\ b --transaction-isolation=serializable  -csearch_path=x,y -d");
        let expected = [("cluster", "a b"), ("transaction_isolation", "serializable"), ("search_path", "x,y")];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
