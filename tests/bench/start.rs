//! What every run of Terraform pays before the provider does anything: its size when it is installed, and the time from
//! starting the process to the answer with all schemas, over mutual TLS as Terraform asks.

use std::time::{Duration, Instant};

use provider::plugin::proto::tfplugin6 as pb;

use crate::client::{Identity, Plugin};
use crate::support::terraform::provider_binary;

const STARTS: usize = 21;

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
            let schemas = client.provider().get_provider_schema(pb::get_provider_schema::Request {}).await;
            assert!(!schemas.expect("schemas").into_inner().resource_schemas.is_empty());
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
         (medians of {STARTS}, an unoptimised client's work in the latter).\n",
        size as f64 / 1e6,
        millis(line),
        millis(schemas)
    );
}
