//! One connection: tokio-postgres on a socket of ours, with text in and text out (the simple query protocol, which
//! needs no round trip to prepare), and what its failures mean to the user. The crate logs statements, secrets and all;
//! the provider's log takes no lines but its own.

use std::error::Error as _;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::TryStreamExt;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::watch;
use tokio_postgres::error::{DbError, ErrorPosition, Severity};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Error, SimpleQueryMessage, SimpleQueryStream, config};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::io::InspectReader;

use super::query::Rows;
use super::{CatalogError, ErrorKind, Settings, SslMode, tls};

pub(super) struct Wire {
    client: Client,
    /// Moves the bytes, while somebody waits for an answer. To drop it is to hang up.
    connection: BoxFuture<'static, Result<(), Error>>,
    /// `host:port`, for messages.
    place: Arc<str>,
}

/// A failed attempt to connect, and whether another may succeed.
pub(super) struct Refusal {
    pub error: CatalogError,
    pub again: bool,
}

/// Nothing will change by trying again.
impl From<CatalogError> for Refusal {
    fn from(error: CatalogError) -> Self {
        Self { error, again: false }
    }
}

/// Opens a connection and signs in.
pub(super) async fn connect(settings: &Settings, tls: MakeRustlsConnect) -> Result<Wire, Refusal> {
    let place: Arc<str> = match settings.host.contains(':') {
        true => format!("[{}]:{}", settings.host, settings.port).into(),
        false => format!("{}:{}", settings.host, settings.port).into(),
    };
    let stream = reach(settings, &place).await?;
    // The first byte of the answer tells what the server speaks; after that the client is at a loss for words.
    let (note, mut first) = watch::channel(None);
    let stream = InspectReader::new(stream, move |bytes: &[u8]| {
        note.send_if_modified(|first| first.is_none() && std::mem::replace(first, bytes.first().copied()).is_none());
    });
    let encrypted = settings.sslmode != SslMode::Disable;
    // To SSLRequest: yes, no. To a startup message: the types of a server's messages.
    let expected: &[u8] = if encrypted { b"SN" } else { b"RENSKv" };
    let strange = |first: &Option<u8>| first.is_some_and(|first| !expected.contains(&first));
    let made = tokio::select! {
        made = start(stream, settings, tls) => Some(made),
        () = async { drop(first.clone().wait_for(strange).await) } => None,
    };
    let first = *first.borrow_and_update();
    match made {
        Some(Ok((client, connection))) => Ok(Wire { client, connection, place }),
        Some(Err(_)) if encrypted && first == Some(b'N') => {
            let why = format!("the server at {place} does not offer TLS");
            let hint = "set `sslmode` (MZ_SSLMODE) to \"disable\" if the connection may go unencrypted";
            Err(CatalogError::new(ErrorKind::Tls, why).hint(hint).into())
        }
        Some(Err(error)) if !strange(&first) => Err(refused(settings, &place, &error)),
        _ => {
            let speaks = if first == Some(b'H') { "answers in HTTP" } else { "does not speak the PostgreSQL protocol" };
            Err(CatalogError::new(ErrorKind::Connect, format!("the server at {place} {speaks}"))
                .hint("give the SQL port in `port` (MZ_PORT), which is usually 6875")
                .into())
        }
    }
}

/// The TCP connection, to the first address of the host that takes it.
async fn reach(settings: &Settings, place: &str) -> Result<TcpStream, Refusal> {
    let hint = "check `host` and `port` (MZ_HOST, MZ_PORT)";
    let fail = |why: String| Refusal { error: CatalogError::new(ErrorKind::Connect, why).hint(hint), again: true };
    let addresses: Vec<_> = lookup_host((settings.host.as_str(), settings.port))
        .await
        .map_err(|error| fail(format!("cannot find the host {:?}: {error}", settings.host)))?
        .collect();
    let each = settings.connect_timeout / u32::try_from(addresses.len()).unwrap_or(1).max(1);
    let mut why = "it has no address".to_owned();
    for address in addresses {
        match tokio::time::timeout(each, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                let keepalive =
                    TcpKeepalive::new().with_time(Duration::from_secs(30)).with_interval(Duration::from_secs(10));
                // What a system does not know of these is no reason to do without a connection.
                SockRef::from(&stream).set_tcp_keepalive(&keepalive).ok();
                stream.set_nodelay(true).ok();
                return Ok(stream);
            }
            Ok(Err(error)) => why = error.to_string(),
            Err(_) => why = format!("no answer within {each:?}"),
        }
    }
    Err(fail(format!("cannot connect to {place}: {why}")))
}

/// TLS if it is asked for, startup and sign-in.
async fn start<S>(
    stream: S,
    settings: &Settings,
    mut tls: MakeRustlsConnect,
) -> Result<(Client, BoxFuture<'static, Result<(), Error>>), Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let encrypt = settings.sslmode != SslMode::Disable;
    let mut config = Config::new();
    config
        .user(&settings.user)
        .dbname(&settings.database)
        .application_name(&settings.application_name)
        .options(settings.startup_options())
        .ssl_mode(if encrypt { config::SslMode::Require } else { config::SslMode::Disable });
    if let Some(password) = &settings.password {
        config.password(password);
    }
    let Ok(tls) = MakeTlsConnect::<S>::make_tls_connect(&mut tls, &settings.host);
    let (client, connection) = config.connect_raw(stream, tls).await?;
    Ok((client, Box::pin(connection)))
}

/// What a failed start means. The client keeps the kinds of its errors to itself, and tells them by their texts.
fn refused(settings: &Settings, place: &str, error: &Error) -> Refusal {
    if let Some(error) = error.as_db_error() {
        return turned_away(settings, place, error);
    }
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    let io = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    let (kind, why) = match error.to_string().as_str() {
        "invalid configuration" if settings.password.is_none() => {
            let why = format!("the server at {place} asks for a password");
            return CatalogError::new(ErrorKind::Auth, why).hint("set `password` (MZ_PASSWORD)").into();
        }
        "authentication error" if cause.starts_with("unsupported") => {
            (ErrorKind::Auth, format!("the server at {place} asks for a sign-in method other than a password: {cause}"))
        }
        // SCRAM: it did not prove that it knows the password, or skipped that.
        text @ ("authentication error" | "unexpected message from server") => {
            let why = if cause.is_empty() { text } else { &cause };
            (ErrorKind::Auth, format!("the server at {place} failed its part of the sign-in: {why}"))
        }
        "error encoding message to server" => (ErrorKind::Connect, format!("the settings cannot be sent: {cause}")),
        text => match io.and_then(|error| tls::failure(place, error)) {
            Some(error) => return error.into(),
            None => {
                let why = if cause.is_empty() { text } else { &cause };
                let why = format!("the server at {place} closed the connection before it was ready: {why}");
                return Refusal { error: CatalogError::new(ErrorKind::Connect, why), again: true };
            }
        },
    };
    CatalogError::new(kind, why).into()
}

/// The server answered the sign-in with an error.
fn turned_away(settings: &Settings, place: &str, error: &DbError) -> Refusal {
    let error = server_error(error).without(&settings.password.iter().map(String::as_str).collect::<Vec<_>>());
    let code = error.code.as_deref().unwrap_or_default();
    // Class 28: invalid authorization.
    let (kind, what, hint) = match code.starts_with("28") {
        true => {
            (ErrorKind::Auth, "cannot sign in to", Some("check `username` and `password` (MZ_USERNAME, MZ_PASSWORD)"))
        }
        false => (ErrorKind::Connect, "cannot start a session on", None),
    };
    // Starting up, shutting down, or out of connections.
    let again = matches!(code, "57P01" | "57P02" | "57P03" | "53300");
    let message = format!("{what} {place} as {:?}: {}", settings.user, error.message);
    let hint = error.hint.or(hint.map(str::to_owned));
    Refusal { error: CatalogError { kind, message, hint, position: None, ..error }, again }
}

impl Wire {
    /// Sends the texts together and reads an answer for each, each within its limit. After an error of kind
    /// [`ErrorKind::Lost`] or [`ErrorKind::Timeout`] there is no use in the connection; the answers end with it.
    pub async fn run(&mut self, texts: &[(String, Duration)]) -> Vec<Result<Rows, CatalogError>> {
        if texts.iter().any(|(text, _)| text.contains('\0')) {
            let why = "a statement may not contain the character NUL";
            return vec![Err(CatalogError::new(ErrorKind::Server, why))];
        }
        let place = self.place.clone();
        let mut streams = Vec::new();
        for (text, limit) in texts {
            // This puts the text in line and waits for nothing.
            streams.push((self.client.simple_query_raw(text).await, *limit));
        }
        let mut answers = Vec::new();
        for (stream, limit) in streams {
            let answer = async { answer(&place, stream.map_err(|error| failed(&place, &error))?).await };
            answers.push(tokio::time::timeout(limit, self.drive(answer)).await.unwrap_or_else(|_| {
                Err(CatalogError::new(ErrorKind::Timeout, format!("no answer from {place} within {limit:?}")))
            }));
            if !answers.last().is_some_and(usable) {
                break;
            }
        }
        answers
    }

    /// Moves bytes until the answer is there.
    async fn drive(&mut self, answer: impl Future<Output = Result<Rows, CatalogError>>) -> Result<Rows, CatalogError> {
        let mut answer = pin!(answer);
        let mut error = lost(&self.place, "it has ended");
        // What has ended may not be polled again.
        if !self.client.is_closed() {
            tokio::select! {
                biased;
                answer = &mut answer => return answer,
                end = &mut self.connection => error = end.err().map_or(error, |why| failed(&self.place, &why)),
            }
        }
        // What came before the end is still an answer.
        answer.now_or_never().unwrap_or(Err(error))
    }

    /// Whether the connection is open with nothing left to read, and so fit for the next statement.
    pub fn is_idle(&mut self) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        !self.client.is_closed() && self.connection.poll_unpin(&mut context).is_pending()
    }
}

/// The answer to one text: the rows of its last statement.
async fn answer(place: &str, stream: SimpleQueryStream) -> Result<Rows, CatalogError> {
    let mut stream = pin!(stream);
    let mut rows = Rows::default();
    let failed = |error: Error| failed(place, &error);
    while let Some(message) = stream.try_next().await.map_err(failed)? {
        match message {
            SimpleQueryMessage::RowDescription(columns) => {
                rows = Rows::new(columns.iter().map(|column| column.name().to_owned()).collect());
            }
            SimpleQueryMessage::Row(row) => {
                for column in 0..row.len() {
                    rows.push(row.try_get(column).map_err(failed)?)?;
                }
            }
            _ => {} // The end of a statement.
        }
    }
    Ok(rows.settle())
}

/// Whether the connection is still good after this answer.
pub(super) fn usable(answer: &Result<Rows, CatalogError>) -> bool {
    !matches!(answer, Err(CatalogError { kind: ErrorKind::Lost | ErrorKind::Timeout, .. }))
}

/// Why there is no answer: the server's error, or else the connection is of no more use.
fn failed(place: &str, error: &Error) -> CatalogError {
    match error.as_db_error() {
        Some(error) => server_error(error),
        None => lost(place, &error.source().map_or_else(|| error.to_string(), ToString::to_string)),
    }
}

fn lost(place: &str, why: &str) -> CatalogError {
    CatalogError::new(ErrorKind::Lost, format!("the connection to {place} was lost before the answer came: {why}"))
}

/// An error of the server. One that ends the connection is [`ErrorKind::Lost`].
fn server_error(error: &DbError) -> CatalogError {
    let ends = matches!(error.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
        || matches!(error.severity(), "FATAL" | "PANIC");
    let position = match error.position() {
        Some(ErrorPosition::Original(position)) => usize::try_from(*position).ok().and_then(|at| at.checked_sub(1)),
        _ => None,
    };
    CatalogError {
        kind: if ends { ErrorKind::Lost } else { ErrorKind::Server },
        code: Some(error.code().code().to_owned()),
        message: error.message().to_owned(),
        detail: error.detail().map(str::to_owned),
        hint: error.hint().map(str::to_owned),
        position,
    }
}
