//! What every run of Terraform pays before the provider does anything: its size when it is installed, and the time from
//! starting the process to the answer with all schemas, over mutual TLS as Terraform asks.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use prost::bytes::{Buf, Bytes};
use tonic::Status;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

use tonic::codegen::http::uri::PathAndQuery;

use crate::client::{Identity, Plugin};
use crate::support::terraform::provider_binary;

const STARTS: usize = 21;

static SCHEMAS: LazyLock<PathAndQuery> =
    LazyLock::new(|| PathAndQuery::from_static("/tfplugin6.Provider/GetProviderSchema"));

/// Asks with an empty message and leaves the answer as it is: decoding it is the client's work, and here it would be done
/// by a program that is not optimised.
#[derive(Default)]
struct Undecoded;

impl Codec for Undecoded {
    type Encode = ();
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Undecoded {
    type Item = ();
    type Error = Status;

    fn encode(&mut self, (): (), _: &mut EncodeBuf<'_>) -> Result<(), Status> {
        Ok(())
    }
}

impl Decoder for Undecoded {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, answer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(answer.copy_to_bytes(answer.remaining())))
    }
}

/// The median of the times until the handshake's line is there, and until the schemas are.
fn times() -> [Duration; 2] {
    let identity = Identity::like_go_plugin();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut all = [const { Vec::new() }; 2];
    for _ in 0..STARTS {
        let start = Instant::now();
        let plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", &identity.pem)]);
        all[0].push(start.elapsed());
        runtime.block_on(async {
            let client = plugin.connect_tls(Some(&identity)).await.expect("a connection");
            let mut client = Grpc::new(client.0).max_decoding_message_size(64 << 20);
            client.ready().await.expect("a connection");
            let schemas = client.unary(tonic::Request::new(()), SCHEMAS.clone(), Undecoded).await.expect("schemas");
            assert!(schemas.into_inner().len() > 100_000, "schemas of all resources");
        });
        all[1].push(start.elapsed());
    }
    all.map(|mut times| {
        times.sort_unstable();
        times[STARTS / 2]
    })
}

pub fn report() {
    let size = std::fs::metadata(provider_binary()).expect("the provider").len();
    let millis = |time: Duration| time.as_secs_f64() * 1000.0;
    let [line, schemas] = times();
    println!(
        "The program: {:.1} MB. From its start to the line of the handshake {:.1} ms, to the answer with all schemas {:.1} ms \
         (medians of {STARTS}; the handshake's half of an unoptimised client is in the latter).\n",
        size as f64 / 1e6,
        millis(line),
        millis(schemas)
    );
}
