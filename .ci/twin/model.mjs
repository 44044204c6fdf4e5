// A model endpoint that streams as OpenAI's chat completions do. It says which persona it was told to be and what it heard,
// so that a reply proves what the bot sent.
import http from "node:http";

// Between two pieces, so that the bot's message has time to grow.
const PAUSE = 250;

/** Starts it. `requests` holds every body that it was sent. */
export async function startModel() {
  const requests = [];
  const server = http.createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    if (request.method !== "POST" || request.url !== "/v1/chat/completions") {
      response.writeHead(404, { "Content-Type": "application/json" });
      return response.end('{"error":{"message":"no such page","type":"invalid_request_error","param":null,"code":null}}');
    }
    const body = JSON.parse(Buffer.concat(pieces));
    requests.push(body);
    await stream(response, body, words(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/v1`, requests, stop: () => server.closeAllConnections() };
}

function words(body) {
  const [, who] = /^You are (\w+)\./.exec(body.messages[0].content);
  // What somebody said stands behind their name; the bot's own reminders may stand before it.
  const heard = body.messages.findLast((message) => message.role === "user").content.split("\n").at(-1);
  return ["Speaking as ", who, ". ", "I heard: ", heard.replace(/^\w+: /, ""), " ", "Tell me more."];
}

async function stream(response, body, words) {
  const frame = (choices, more = {}) => {
    const chunk = {
      id: "chatcmpl-1", object: "chat.completion.chunk", created: 1700000000, model: body.model,
      system_fingerprint: null, choices, ...more,
    };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  const choice = (delta, finish_reason = null) => [{ index: 0, delta, logprobs: null, finish_reason }];
  response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache" });
  frame(choice({ role: "assistant", content: "", refusal: null }));
  for (const word of words) {
    frame(choice({ content: word }));
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  frame(choice({}, "stop"));
  if (body.stream_options?.include_usage) {
    const usage = {
      prompt_tokens: 120, completion_tokens: 12, total_tokens: 132,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    };
    frame([], { usage });
  }
  response.end("data: [DONE]\n\n");
}
