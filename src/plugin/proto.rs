//! The messages and services, generated from this folder's `.proto` files.

// Namespaces of the protocol are messages without fields, and clients are only used by tests.
#![allow(missing_docs, dead_code, clippy::all)]

/// Terraform's protocol.
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

/// go-plugin's services.
pub mod goplugin {
    tonic::include_proto!("plugin");
}

/// gRPC's health service.
pub mod health {
    tonic::include_proto!("grpc.health.v1");
}
