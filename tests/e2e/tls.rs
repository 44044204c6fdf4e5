//! `https://discord.com` for one test: a certificate authority and a certificate made on the spot, and what speaks TLS
//! in front of the simulated Discord.

use discord_sim::Sim;
use familiar::bot::Connection;
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509NameBuilder};
use serenity::http::HttpBuilder;
use tokio::net::{TcpListener, TcpStream};
use tokio_native_tls::native_tls::{Identity, TlsAcceptor};

const HOST: &str = "discord.com";

/// A connection that believes it talks with Discord itself, through serenity's own limiter.
pub async fn connection(sim: &Sim) -> Connection {
    let authority = key();
    let root = certificate(&authority, &authority, "test authority", None);
    let own = key();
    let leaf = certificate(&own, &authority, HOST, Some(&root));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(terminate(
        listener,
        identity(&own, &leaf),
        sim.hub().address.to_string(),
    ));
    let client = reqwest::Client::builder()
        .add_root_certificate(reqwest::Certificate::from_pem(&root.to_pem().unwrap()).unwrap())
        .resolve(HOST, address)
        .no_proxy()
        .build()
        .unwrap();
    Connection {
        http: HttpBuilder::new(sim.token()).client(client.clone()).build(),
        client,
        gateway: Some(sim.gateway_url()),
        message_content: true,
    }
}

/// Takes TLS off and passes the bytes on.
async fn terminate(listener: TcpListener, identity: Identity, to: String) {
    let acceptor = tokio_native_tls::TlsAcceptor::from(TlsAcceptor::new(identity).unwrap());
    while let Ok((socket, _)) = listener.accept().await {
        let (acceptor, to) = (acceptor.clone(), to.clone());
        tokio::spawn(async move {
            let (Ok(mut outer), Ok(mut inner)) =
                (acceptor.accept(socket).await, TcpStream::connect(to).await)
            else {
                return;
            };
            // Either side may hang up at any time.
            let _ = tokio::io::copy_bidirectional(&mut outer, &mut inner).await;
        });
    }
}

fn key() -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap()
}

/// A certificate for `name`, signed by `by`; one without an issuer is its own.
fn certificate(own: &PKey<Private>, by: &PKey<Private>, name: &str, issuer: Option<&X509>) -> X509 {
    let mut subject = X509NameBuilder::new().unwrap();
    subject.append_entry_by_text("CN", name).unwrap();
    let subject = subject.build();
    let mut certificate = X509Builder::new().unwrap();
    certificate.set_version(2).unwrap();
    let serial = BigNum::from_u32(if issuer.is_some() { 2 } else { 1 }).unwrap();
    certificate
        .set_serial_number(&serial.to_asn1_integer().unwrap())
        .unwrap();
    certificate.set_subject_name(&subject).unwrap();
    certificate
        .set_issuer_name(issuer.map_or(&subject, |issuer| issuer.subject_name()))
        .unwrap();
    certificate.set_pubkey(own).unwrap();
    certificate
        .set_not_before(&Asn1Time::days_from_now(0).unwrap())
        .unwrap();
    certificate
        .set_not_after(&Asn1Time::days_from_now(1).unwrap())
        .unwrap();
    let extension = match issuer {
        None => BasicConstraints::new().critical().ca().build().unwrap(),
        Some(issuer) => {
            let context = certificate.x509v3_context(Some(issuer), None);
            SubjectAlternativeName::new()
                .dns(name)
                .build(&context)
                .unwrap()
        }
    };
    certificate.append_extension(extension).unwrap();
    certificate.sign(by, MessageDigest::sha256()).unwrap();
    certificate.build()
}

fn identity(own: &PKey<Private>, leaf: &X509) -> Identity {
    let mut bundle = Pkcs12::builder();
    bundle.name(HOST).pkey(own).cert(leaf);
    Identity::from_pkcs12(&bundle.build2("test").unwrap().to_der().unwrap(), "test").unwrap()
}
