//! Messages over a byte stream: answers are collected and leave together when no more input waits, so that
//! thousands of pipelined statements cost few system calls.

use crate::datum::SqlError;
use crate::faults::Faults;
use bytes::BytesMut;
use pgwire::error::PgWireError;
use pgwire::messages::response::{ErrorResponse, NoticeResponse};
use pgwire::messages::{DecodeContext, PgWireBackendMessage, PgWireFrontendMessage, ProtocolVersion};
use std::io::{Error, ErrorKind, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Answers beyond this many bytes leave even while input waits.
const OUTPUT_LIMIT: usize = 1 << 20;
/// Longer messages are refused.
const MESSAGE_LIMIT: usize = 256 << 20;

/// A plain or encrypted stream.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

pub struct Channel {
    pub stream: Box<dyn Stream>,
    pub input: BytesMut,
    pub output: BytesMut,
    faults: Arc<Faults>,
    context: DecodeContext,
}

impl Channel {
    pub fn new(stream: Box<dyn Stream>, input: BytesMut, faults: Arc<Faults>) -> Self {
        let mut context = DecodeContext::new(ProtocolVersion::PROTOCOL3_0);
        context.awaiting_frontend_ssl = false;
        context.awaiting_frontend_startup = false;
        Self { stream, input, output: BytesMut::new(), faults, context }
    }

    /// Before the session has begun, messages have no type byte.
    pub fn starting(&mut self, starting: bool) {
        self.context.awaiting_frontend_startup = starting;
    }

    /// The next message; None when the client has gone. Collected answers leave before waiting.
    pub async fn read(&mut self) -> Result<Option<PgWireFrontendMessage>> {
        loop {
            if self.complete()?
                && let Some(message) = PgWireFrontendMessage::decode(&mut self.input, &self.context).map_err(invalid)?
            {
                return Ok(Some(message));
            }
            self.flush().await?;
            if self.stream.read_buf(&mut self.input).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Whether a whole message is there; an impossible length is an error before it can do harm.
    fn complete(&self) -> Result<bool> {
        let offset = usize::from(!self.context.awaiting_frontend_startup);
        let Some(length) = self.input.get(offset..offset + 4) else { return Ok(false) };
        let length = length.iter().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
        let shortest = if self.context.awaiting_frontend_startup { 8 } else { 4 };
        if !(shortest..=MESSAGE_LIMIT).contains(&length) {
            return Err(Error::new(ErrorKind::InvalidData, "message length out of range"));
        }
        Ok(self.input.len() >= offset + length)
    }

    pub fn send(&mut self, message: PgWireBackendMessage) -> Result<()> {
        message.encode(&mut self.output).map_err(invalid)
    }

    pub fn error(&mut self, severity: &str, error: &SqlError) -> Result<()> {
        self.send(PgWireBackendMessage::ErrorResponse(ErrorResponse::new(fields(severity, error))))
    }

    pub fn notice(&mut self, message: &str) -> Result<()> {
        let error = crate::sql::error::with_code("00000", message);
        self.send(PgWireBackendMessage::NoticeResponse(NoticeResponse::new(fields("NOTICE", &error))))
    }

    pub async fn flush_if_large(&mut self) -> Result<()> {
        if self.output.len() > OUTPUT_LIMIT { self.flush().await } else { Ok(()) }
    }

    pub async fn flush(&mut self) -> Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        let output = self.output.split();
        let latency = self.faults.latency();
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        match self.faults.slow() {
            0 => self.stream.write_all(&output).await?,
            bytes => {
                for part in output.chunks(bytes) {
                    self.stream.write_all(part).await?;
                    self.stream.flush().await?;
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
        }
        self.stream.flush().await
    }
}

fn fields(severity: &str, error: &SqlError) -> Vec<(u8, String)> {
    let mut fields = vec![
        (b'S', severity.to_owned()),
        (b'V', severity.to_owned()),
        (b'C', error.code.to_owned()),
        (b'M', error.message.clone()),
    ];
    fields.extend(error.detail.clone().map(|detail| (b'D', detail)));
    fields.extend(error.hint.clone().map(|hint| (b'H', hint)));
    fields.extend(error.position.map(|position| (b'P', position.to_string())));
    fields
}

fn invalid(error: PgWireError) -> Error {
    Error::new(ErrorKind::InvalidData, error)
}
