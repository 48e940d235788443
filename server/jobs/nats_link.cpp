#include "server/jobs/nats_link.hpp"

#include <nats/nats.h>
#include <xxhash.h>

#include <algorithm>
#include <system_error>

#include "server/jobs/byte_stream.hpp"

namespace catchment::jobs {
namespace {

constexpr const char* kShards = "CATCHMENT_SHARDS";
constexpr const char* kBytes = "CATCHMENT_BYTES";
constexpr const char* kWorkers = "workers";
constexpr const char* kShardSubject = "catchment.shard.";
constexpr const char* kByteSubject = "catchment.bytes.";
constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kDayNs = 86'400 * kSecondNs;
constexpr std::size_t kChunk = 512 * 1024, kHeader = 16;

template <auto destroy>
struct Destroy {
  template <typename T>
  void operator()(T* value) const {
    destroy(value);
  }
};
using Connection = std::unique_ptr<natsConnection, Destroy<natsConnection_Destroy>>;
using Context = std::unique_ptr<jsCtx, Destroy<jsCtx_Destroy>>;
using Subscription = std::unique_ptr<natsSubscription, Destroy<natsSubscription_Destroy>>;
using Message = std::unique_ptr<natsMsg, Destroy<natsMsg_Destroy>>;

void check(natsStatus status, const std::string& what) {
  if (status == NATS_OK) return;
  const bool away = status == NATS_NO_SERVER || status == NATS_CONNECTION_CLOSED || status == NATS_NO_RESPONDERS ||
                    status == NATS_TIMEOUT || status == NATS_CONNECTION_DISCONNECTED;
  const char* last = nats_GetLastError(nullptr);
  throw std::system_error(std::make_error_code(away ? std::errc::not_connected : std::errc::io_error),
                          "NATS: " + what + ": " + natsStatus_GetText(status) +
                              (last != nullptr && *last != '\0' ? " (" + std::string(last) + ")" : ""));
}

std::string_view view(natsMsg* message) {
  return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

// What stands before each chunk: the size of the whole and its hash, so that chunks of two wholes are never joined.
std::string header_of(std::string_view bytes) {
  ByteWriter out;
  out.number(bytes.size());
  out.number(XXH3_64bits(bytes.data(), bytes.size()));
  return out.take();
}

}  // namespace

struct NatsLink::Parts {
  Connection connection;
  Context stream;
  Subscription shards, words;
  std::size_t chunk = kChunk;

  void connect(const std::string& url) {
    natsOptions* raw = nullptr;
    check(natsOptions_Create(&raw), "options");
    const std::unique_ptr<natsOptions, Destroy<natsOptions_Destroy>> options(raw);
    check(natsOptions_SetURL(raw, url.c_str()), url);
    check(natsOptions_SetName(raw, "catchment"), url);
    check(natsOptions_SetTimeout(raw, 3000), url);
    check(natsOptions_SetReconnectWait(raw, 250), url);
    check(natsOptions_SetMaxReconnect(raw, 120), url);
    natsConnection* made = nullptr;
    check(natsConnection_Connect(&made, raw), url);
    connection.reset(made);
    jsCtx* context = nullptr;
    check(natsConnection_JetStream(&context, made, nullptr), url);
    stream.reset(context);
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(0, natsConnection_GetMaxPayload(made)));
    if (most > 4096) chunk = std::min(chunk, most - 2048);
  }

  void add_stream(const char* name, const char* subjects, jsRetentionPolicy retention) {
    jsStreamConfig config;
    check(jsStreamConfig_Init(&config), name);
    config.Name = name;
    config.Subjects = &subjects;
    config.SubjectsLen = 1;
    config.Retention = retention;
    config.MaxAge = kDayNs;
    if (retention == js_LimitsPolicy) config.MaxMsgsPerSubject = 1;
    jsErrCode code{};
    check(js_AddStream(nullptr, stream.get(), &config, nullptr, &code), std::string("stream ") + name);
  }

  void add_workers() {
    jsConsumerConfig config;
    check(jsConsumerConfig_Init(&config), kWorkers);
    config.Durable = kWorkers;
    config.AckPolicy = js_AckExplicit;
    config.AckWait = kAckWaitMs * (kSecondNs / 1000);
    config.MaxDeliver = -1;  // workers count: one of them must tell why it ends
    config.MaxAckPending = 10'000;
    jsErrCode code{};
    check(js_AddConsumer(nullptr, stream.get(), kShards, &config, nullptr, &code), "consumer of shards");
  }

  void purge(const char* name, const std::string& subject) {
    jsOptions options;
    check(jsOptions_Init(&options), name);
    options.Stream.Purge.Subject = subject.c_str();
    jsErrCode code{};
    check(js_PurgeStream(stream.get(), name, &options, &code), "purge of " + subject);
  }

  void publish(const std::string& subject, std::string_view bytes) {
    jsErrCode code{};
    check(js_Publish(nullptr, stream.get(), subject.c_str(), bytes.data(), static_cast<int>(bytes.size()), nullptr,
                     &code),
          subject);
  }

  Message last(const std::string& subject) {
    natsMsg* message = nullptr;
    jsErrCode code{};
    const natsStatus status = js_GetLastMsg(&message, stream.get(), kBytes, subject.c_str(), nullptr, &code);
    if (status == NATS_NOT_FOUND) return {};
    check(status, subject);
    return Message(message);
  }
};

NatsLink::NatsLink(const std::string& url) : parts_(std::make_unique<Parts>()) {
  parts_->connect(url);
  parts_->add_stream(kShards, "catchment.shard.>", js_WorkQueuePolicy);
  parts_->add_stream(kBytes, "catchment.bytes.>", js_LimitsPolicy);
  parts_->add_workers();
}

NatsLink::~NatsLink() = default;

void NatsLink::put(const std::string& name, std::string_view bytes) {
  const std::string header = header_of(bytes);
  const std::size_t room = parts_->chunk - kHeader;
  for (std::size_t at = 0, k = 0; k == 0 || at < bytes.size(); at += room, ++k) {
    parts_->publish(kByteSubject + name + "." + std::to_string(k), header + std::string(bytes.substr(at, room)));
  }
}

std::optional<std::string> NatsLink::get(const std::string& name) {
  std::string header, bytes;
  std::uint64_t size = 0;
  for (std::size_t k = 0; k == 0 || bytes.size() < size; ++k) {
    const Message message = parts_->last(kByteSubject + name + "." + std::to_string(k));
    if (!message) return std::nullopt;
    const std::string_view chunk = view(message.get());
    if (chunk.size() < kHeader || (k > 0 && chunk.substr(0, kHeader) != header)) return std::nullopt;
    header = chunk.substr(0, kHeader);
    size = ByteReader(header).number();
    bytes += chunk.substr(kHeader);
  }
  if (header_of(bytes) != header) return std::nullopt;
  return bytes;
}

void NatsLink::drop(const std::string& name) { parts_->purge(kBytes, kByteSubject + name + ".>"); }

void NatsLink::add_shard(const std::string& batch, std::size_t number, std::string_view bytes) {
  parts_->publish(kShardSubject + batch + "." + std::to_string(number), bytes);
}

void NatsLink::drop_shards(const std::string& batch) { parts_->purge(kShards, kShardSubject + batch + ".>"); }

NatsLink::Delivery::Delivery(void* message, std::string bytes, std::uint64_t deliveries)
    : message_(message), bytes_(std::move(bytes)), deliveries_(deliveries) {}

NatsLink::Delivery::~Delivery() { natsMsg_Destroy(static_cast<natsMsg*>(message_)); }

void NatsLink::Delivery::in_progress() { natsMsg_InProgress(static_cast<natsMsg*>(message_), nullptr); }

void NatsLink::Delivery::finish() {
  jsErrCode code{};
  check(natsMsg_AckSync(static_cast<natsMsg*>(message_), nullptr, &code), "acknowledging a shard");
}

void NatsLink::Delivery::give_back() { check(natsMsg_Nak(static_cast<natsMsg*>(message_), nullptr), "a shard back"); }

std::unique_ptr<NatsLink::Delivery> NatsLink::next_shard(int wait_ms) {
  jsErrCode code{};
  if (!parts_->shards) {
    jsSubOptions options;
    check(jsSubOptions_Init(&options), kWorkers);
    options.Stream = kShards;
    options.Consumer = kWorkers;
    natsSubscription* made = nullptr;
    check(js_PullSubscribe(&made, parts_->stream.get(), "catchment.shard.>", kWorkers, nullptr, &options, &code),
          "subscription to shards");
    parts_->shards.reset(made);
  }
  natsMsgList list{};
  const natsStatus status = natsSubscription_Fetch(&list, parts_->shards.get(), 1, wait_ms, &code);
  if (status == NATS_TIMEOUT || (status == NATS_OK && list.Count == 0)) return nullptr;
  check(status, "fetching a shard");
  natsMsg* message = list.Msgs[0];
  list.Msgs[0] = nullptr;
  list.Count = 0;
  natsMsgList_Destroy(&list);
  jsMsgMetaData* about = nullptr;
  std::uint64_t deliveries = 1;
  if (natsMsg_GetMetaData(&about, message) == NATS_OK) deliveries = about->NumDelivered;
  jsMsgMetaData_Destroy(about);
  return std::make_unique<Delivery>(message, std::string(view(message)), deliveries);
}

void NatsLink::say(const std::string& subject, const std::string& text) {
  check(natsConnection_Publish(parts_->connection.get(), subject.c_str(), text.data(), static_cast<int>(text.size())),
        subject);
  check(natsConnection_Flush(parts_->connection.get()), subject);
}

void NatsLink::listen(const std::string& subject) {
  natsSubscription* made = nullptr;
  check(natsConnection_SubscribeSync(&made, parts_->connection.get(), subject.c_str()), subject);
  parts_->words.reset(made);
  check(natsConnection_Flush(parts_->connection.get()), subject);
}

std::optional<NatsLink::Word> NatsLink::hear(int wait_ms) {
  if (wait_ms == 0) {
    std::uint64_t waiting = 0;
    if (natsSubscription_QueuedMsgs(parts_->words.get(), &waiting) != NATS_OK || waiting == 0) return std::nullopt;
  }
  natsMsg* raw = nullptr;
  const natsStatus status = natsSubscription_NextMsg(&raw, parts_->words.get(), std::max(1, wait_ms));
  if (status == NATS_TIMEOUT) return std::nullopt;
  check(status, "listening");
  const Message message(raw);
  return Word{natsMsg_GetSubject(raw), std::string(view(raw))};
}

}  // namespace catchment::jobs
