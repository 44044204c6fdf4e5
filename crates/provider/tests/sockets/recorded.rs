//! Streams that real servers sent (see `fixtures/README.md`), played back.

use ledger::Usage;
use model_sim::Reply;
use provider::Stop;
use rstest::rstest;

use crate::bench::{Bench, Wire, request};

#[rstest]
#[case(Wire::OpenAi, include_bytes!("../fixtures/llama-cpp-chat-end.sse").as_slice(), "The capital of France is Paris.", Stop::End, (43, 5, 8))]
#[case(Wire::OpenAi, include_bytes!("../fixtures/llama-cpp-chat-length.sse"), "I'm Mia, a dedicated and passionate gardener. I love experimenting with different plants and using my expertise to create beautiful and", Stop::Length, (34, 0, 24))]
#[case(Wire::Anthropic, include_bytes!("../fixtures/llama-cpp-messages-end.sse"), "The capital of France is Paris.", Stop::End, (43, 42, 8))]
#[case(Wire::Anthropic, include_bytes!("../fixtures/llama-cpp-messages-length.sse"), "I'm Mia, a dedicated and passionate gardener. I love", Stop::Length, (34, 33, 12))]
#[tokio::test]
async fn llama_cpp_is_understood(
    #[values(1, 7, 1 << 20)] bytes: usize,
    #[case] wire: Wire,
    #[case] stream: &[u8],
    #[case] text: &str,
    #[case] stop: Stop,
    #[case] (input, cached_input, output): (u64, u64, u64),
) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::raw(stream).by_bytes(bytes));
    let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
    assert_eq!((heard.text().as_str(), &heard.result), (text, &Ok(stop)));
    assert_eq!(
        heard.usage(),
        Usage {
            input,
            cached_input,
            output,
            ..Usage::default()
        }
    );
}
