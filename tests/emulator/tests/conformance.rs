//! The emulator gives a real server's recorded answers, over a real socket, each recording on a fresh environment.

mod slt;

use emulator::wire::{Options, spawn};
use std::path::{Path, PathBuf};

/// The environment id of the recorded server: it stands in some answers.
const ENVIRONMENT: &str = "docker-container-7e8f9a0b-1c2d-3e4f-5a6b-7c8d9e0f1a2b-0";

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance")
}

fn conform(name: &str) {
    let text = std::fs::read_to_string(recordings().join(name).with_extension("slt")).expect("the recording is there");
    let records = slt::parse(&text).expect("the recording is readable");
    assert!(records.len() > 10, "the recording has only {} records", records.len());
    let emulator = spawn(Options {
        environment_id: ENVIRONMENT.into(),
        upstreams: Some(recordings().join("upstreams.json")),
        ..Options::default()
    })
    .expect("the emulator starts");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let mismatches = runtime.block_on(slt::play(&emulator, &records));
    let (wrong, all) = (mismatches.len(), records.len());
    assert!(mismatches.is_empty(), "{wrong} of {all} answers of {name} differ:\n\n{}\n", mismatches.join("\n\n"));
}

macro_rules! recordings {
    ($($name:ident),+ $(,)?) => {
        $(#[test]
        fn $name() {
            conform(stringify!($name));
        })+

        /// Every recording in the folder has its test.
        #[test]
        fn all_recordings_are_played() {
            let mut there: Vec<String> = std::fs::read_dir(recordings()).expect("the folder is there")
                .map(|entry| entry.expect("an entry").path())
                .filter(|path| path.extension().is_some_and(|extension| extension == "slt"))
                .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
                .collect();
            there.sort();
            let mut played = vec![$(stringify!($name)),+];
            played.sort_unstable();
            assert_eq!(there, played);
        }
    };
}

recordings!(
    bootstrap, clusters, connections, namespaces, objects, privileges, rbac, roles, secrets, sinks, sources, system,
);

/// The recordings in the repository are the originals, where those are at hand.
#[test]
fn recordings_are_the_originals() {
    let originals = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/materialize/conformance");
    let Ok(folder) = std::fs::read_dir(&originals) else {
        println!("skipped: the original recordings are not on this machine");
        return;
    };
    let mut compared = 0;
    for entry in folder {
        let path = entry.expect("an entry").path();
        let ours = recordings().join(path.file_name().expect("a file name"));
        let (ours, theirs) = (std::fs::read(ours).expect("our copy"), std::fs::read(&path).expect("the original"));
        assert!(ours == theirs, "{} differs", path.display());
        compared += 1;
    }
    assert!(compared > 0, "no originals were found");
}

#[test]
fn the_reader_knows_every_form() {
    let text = "# c\n\nstatement ok\nA\n\nconnection w\nstatement error\nB\n----\nXX000: m\nDETAIL: a\nb\n\n\nquery TT rowsort\nC\n----\n1\t2\n\nhalt\n\nnonsense\n";
    let records = slt::parse(text).expect("it parses");
    let found: Vec<_> = records.iter().map(|r| (r.line, r.connection.as_str(), r.sql.as_str())).collect();
    assert_eq!(found, [(3, "mz_system", "A"), (7, "w", "B"), (15, "w", "C")]);
    assert_eq!(records[1].expect, slt::Expect::Error("XX000: m\nDETAIL: a\nb".into()));
    assert_eq!(records[2].expect, slt::Expect::Rows { columns: 2, sorted: true, rows: vec!["1\t2".into()] });
    assert!(slt::parse("perhaps\n").is_err());
}
