//! One connection: the PostgreSQL protocol, version 3, as far as simple queries need it. Text goes out and text comes
//! back, without a round trip to prepare. (No general client crate: those log the text of statements, secrets included.)

use std::fmt::Display;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::authentication::sasl;
use postgres_protocol::message::backend::{ErrorResponseBody, Message};
use postgres_protocol::message::frontend;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;

use super::query::Rows;
use super::{CatalogError, ErrorKind, Settings, tls};

/// As PostgreSQL has it: no message is longer.
const MAX_MESSAGE: u32 = 1 << 30;

trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

pub(super) struct Wire {
    stream: Box<dyn Transport>,
    input: BytesMut,
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
pub(super) async fn connect(settings: &Settings, tls: Option<Arc<ClientConfig>>) -> Result<Wire, Refusal> {
    let place: Arc<str> = match settings.host.contains(':') {
        true => format!("[{}]:{}", settings.host, settings.port).into(),
        false => format!("{}:{}", settings.host, settings.port).into(),
    };
    let stream = reach(settings, &place).await?;
    let stream = match tls {
        None => Box::new(stream) as Box<dyn Transport>,
        Some(config) => Box::new(secure(stream, settings, config, &place).await?),
    };
    let mut wire = Wire { stream, input: BytesMut::new(), place };
    wire.start(settings).await?;
    Ok(wire)
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

/// Asks for TLS (SSLRequest) and shakes hands.
async fn secure(
    mut stream: TcpStream,
    settings: &Settings,
    config: Arc<ClientConfig>,
    place: &str,
) -> Result<impl Transport + use<>, Refusal> {
    let mut request = BytesMut::new();
    frontend::ssl_request(&mut request);
    let broken = |error| interrupted(place, &error);
    stream.write_all(&request).await.map_err(broken)?;
    // Exactly one byte: anything sent with it in the clear must not be taken for part of what is encrypted.
    match stream.read_u8().await.map_err(broken)? {
        b'S' => {}
        b'N' => {
            let why = format!("the server at {place} does not offer TLS");
            let hint = "set `sslmode` (MZ_SSLMODE) to \"disable\" if the connection may go unencrypted";
            return Err(CatalogError::new(ErrorKind::Tls, why).hint(hint).into());
        }
        first => return Err(foreign(place, first).into()),
    }
    let name = ServerName::try_from(settings.host.clone())
        .map_err(|_| CatalogError::new(ErrorKind::Tls, format!("{:?} is not a valid host name", settings.host)))?;
    let handshake = TlsConnector::from(config).connect(name, stream).await;
    handshake.map_err(|error| tls::failure(place, &error).map_or_else(|| interrupted(place, &error), Refusal::from))
}

/// The connection broke while it was made.
fn interrupted(place: &str, error: &io::Error) -> Refusal {
    let why = format!("the server at {place} closed the connection before it was ready: {error}");
    Refusal { error: CatalogError::new(ErrorKind::Connect, why), again: true }
}

/// The first byte of the answer says that this is no SQL port.
fn foreign(place: &str, first: u8) -> CatalogError {
    let speaks = if first == b'H' { "answers in HTTP" } else { "does not speak the PostgreSQL protocol" };
    CatalogError::new(ErrorKind::Connect, format!("the server at {place} {speaks}"))
        .hint("give the SQL port in `port` (MZ_PORT), which is usually 6875")
}

impl Wire {
    /// Startup and sign-in.
    async fn start(&mut self, settings: &Settings) -> Result<(), Refusal> {
        let place = self.place.clone();
        let broken = |error: io::Error| interrupted(&place, &error);
        let options = settings.startup_options();
        let parameters = [
            ("user", settings.user.as_str()),
            ("database", &settings.database),
            ("application_name", &settings.application_name),
            ("client_encoding", "UTF8"),
            ("options", &options),
        ];
        let mut out = BytesMut::new();
        frontend::startup_message(parameters, &mut out)
            .map_err(|error| CatalogError::new(ErrorKind::Connect, format!("the settings cannot be sent: {error}")))?;
        self.write(&out).await.map_err(broken)?;
        if self.stream.read_buf(&mut self.input).await.map_err(broken)? == 0 {
            return Err(broken(io::ErrorKind::UnexpectedEof.into()));
        }
        if let Some(first) = self.input.first().filter(|first| !b"RENSKv".contains(first)) {
            return Err(foreign(&place, *first).into());
        }
        let mut scram = None;
        loop {
            out.clear();
            match self.next().await.map_err(broken)? {
                Message::BackendKeyData(_) => {}
                // Not before the server has proved that it knows the password, where it can.
                Message::AuthenticationOk if scram.is_none() => {}
                Message::ReadyForQuery(_) => return Ok(()),
                Message::AuthenticationCleartextPassword => {
                    frontend::password_message(password(settings, &place)?, &mut out).map_err(broken)?;
                }
                Message::AuthenticationSasl(body) => {
                    if !body.mechanisms().any(|mechanism| Ok(mechanism == sasl::SCRAM_SHA_256)).map_err(broken)? {
                        return Err(unknown_method(&place).into());
                    }
                    let binding = sasl::ChannelBinding::unsupported();
                    let exchange = scram.insert(sasl::ScramSha256::new(password(settings, &place)?, binding));
                    frontend::sasl_initial_response(sasl::SCRAM_SHA_256, exchange.message(), &mut out)
                        .map_err(broken)?;
                }
                Message::AuthenticationSaslContinue(body) => {
                    let exchange = scram.as_mut().ok_or_else(|| unknown_method(&place))?;
                    exchange.update(body.data()).map_err(|error| unproven(&place, error))?;
                    frontend::sasl_response(exchange.message(), &mut out).map_err(broken)?;
                }
                Message::AuthenticationSaslFinal(body) => {
                    let mut exchange = scram.take().ok_or_else(|| unknown_method(&place))?;
                    exchange.finish(body.data()).map_err(|error| unproven(&place, error))?;
                }
                Message::ErrorResponse(body) => {
                    return Err(refused(settings, &place, server_error(&body).map_err(broken)?));
                }
                Message::AuthenticationOk => return Err(unproven(&place, "it skipped it").into()),
                _ => return Err(unknown_method(&place).into()),
            }
            if !out.is_empty() {
                self.write(&out).await.map_err(broken)?;
            }
        }
    }

    /// Sends the texts together and reads an answer for each, each within the limit. After an error of kind
    /// [`ErrorKind::Lost`] or [`ErrorKind::Timeout`] there is no use in the connection; the answers end with it.
    pub async fn run(&mut self, texts: &[String], limit: Duration) -> Vec<Result<Rows, CatalogError>> {
        let mut out = BytesMut::new();
        for text in texts {
            if frontend::query(text, &mut out).is_err() {
                let why = "a statement may not contain the character NUL";
                return vec![Err(CatalogError::new(ErrorKind::Server, why))];
            }
        }
        let limit = if limit.is_zero() { Duration::MAX } else { limit };
        let place = self.place.clone();
        let mut answers = Vec::new();
        while answers.len() < texts.len() && answers.last().is_none_or(usable) {
            let first = answers.is_empty();
            let answer = tokio::time::timeout(limit, async {
                if first {
                    self.write(&out).await?;
                }
                self.answer().await
            });
            answers.push(match answer.await {
                Ok(Ok(answer)) => answer,
                Ok(Err(error)) => {
                    let why = format!("the connection to {place} was lost before the answer came: {error}");
                    Err(CatalogError::new(ErrorKind::Lost, why))
                }
                Err(_) => {
                    let why = format!("no answer from {place} within {limit:?}");
                    Err(CatalogError::new(ErrorKind::Timeout, why))
                }
            });
        }
        answers
    }

    /// The answer to one text: the rows of its last statement, or the server's error.
    async fn answer(&mut self) -> io::Result<Result<Rows, CatalogError>> {
        let mut answer = Ok(Rows::default());
        loop {
            match (self.next().await?, &mut answer) {
                (Message::ReadyForQuery(_), _) => return Ok(answer.map(Rows::settle)),
                (Message::RowDescription(body), Ok(rows)) => {
                    *rows = Rows::new(body.fields().map(|field| Ok(field.name().to_owned())).collect()?);
                }
                (Message::DataRow(body), Ok(rows)) => {
                    let mut cells = body.ranges();
                    while let Some(cell) = cells.next()? {
                        rows.push(cell.map(|range| &body.buffer()[range])).ok_or(io::ErrorKind::FileTooLarge)?;
                    }
                }
                (Message::ErrorResponse(body), _) => {
                    let error = server_error(&body)?;
                    if error.kind == ErrorKind::Lost {
                        return Ok(Err(error)); // The server says good-bye: there is no more to come.
                    }
                    answer = Err(error);
                }
                (Message::CommandComplete(_) | Message::EmptyQueryResponse | Message::DataRow(_), _) => {}
                _ => return Err(unexpected()),
            }
        }
    }

    /// Whether the connection is open with nothing left to read, and so fit for the next statement.
    pub fn is_idle(&mut self) -> bool {
        let mut byte = [0];
        let read =
            Pin::new(&mut self.stream).poll_read(&mut Context::from_waker(Waker::noop()), &mut ReadBuf::new(&mut byte));
        self.input.is_empty() && matches!(read, Poll::Pending)
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await
    }

    /// The next message that is not a mere notice.
    async fn next(&mut self) -> io::Result<Message> {
        loop {
            if let [_, length @ .., _] = self.input.first_chunk::<6>().unwrap_or(&[0; 6])
                && u32::from_be_bytes(*length) > MAX_MESSAGE
            {
                return Err(unexpected());
            }
            match Message::parse(&mut self.input)? {
                Some(Message::NoticeResponse(_) | Message::ParameterStatus(_) | Message::NotificationResponse(_)) => {}
                Some(message) => return Ok(message),
                None => {
                    self.input.reserve(16 * 1024);
                    if self.stream.read_buf(&mut self.input).await? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
            }
        }
    }
}

/// Whether the connection is still good after this answer.
pub(super) fn usable(answer: &Result<Rows, CatalogError>) -> bool {
    !matches!(answer, Err(CatalogError { kind: ErrorKind::Lost | ErrorKind::Timeout, .. }))
}

fn unexpected() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a message that does not belong here")
}

fn password<'a>(settings: &'a Settings, place: &str) -> Result<&'a [u8], CatalogError> {
    settings.password.as_deref().map(str::as_bytes).ok_or_else(|| {
        CatalogError::new(ErrorKind::Auth, format!("the server at {place} asks for a password"))
            .hint("set `password` (MZ_PASSWORD)")
    })
}

fn unknown_method(place: &str) -> CatalogError {
    CatalogError::new(ErrorKind::Auth, format!("the server at {place} asks for a sign-in method other than a password"))
}

/// The server did not prove that it knows the password (SCRAM).
fn unproven(place: &str, error: impl Display) -> CatalogError {
    CatalogError::new(ErrorKind::Auth, format!("the server at {place} failed its part of the sign-in: {error}"))
}

/// The server answered the sign-in with an error.
fn refused(settings: &Settings, place: &str, error: CatalogError) -> Refusal {
    let error = error.without(&settings.password.iter().map(String::as_str).collect::<Vec<_>>());
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
    Refusal {
        error: CatalogError { kind, message, hint, code: error.code, detail: error.detail, position: None },
        again,
    }
}

/// An ErrorResponse. One that ends the connection is [`ErrorKind::Lost`].
fn server_error(body: &ErrorResponseBody) -> io::Result<CatalogError> {
    let mut error = CatalogError::new(ErrorKind::Server, "the server gave no reason");
    let mut fields = body.fields();
    while let Some(field) = fields.next()? {
        let text = String::from_utf8_lossy(field.value_bytes()).into_owned();
        match field.type_() {
            b'S' | b'V' if text == "FATAL" || text == "PANIC" => error.kind = ErrorKind::Lost,
            b'C' => error.code = Some(text),
            b'M' => error.message = text,
            b'D' => error.detail = Some(text),
            b'H' => error.hint = Some(text),
            b'P' => error.position = text.parse::<usize>().ok().and_then(|position| position.checked_sub(1)),
            _ => {}
        }
    }
    Ok(error)
}
