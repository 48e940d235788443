// A connection to NATS JetStream, with what the work queue needs of it; the only user of libnats.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace catchment::jobs {

// Two streams, made where they lack: CATCHMENT_SHARDS, a work queue whose messages are delivered again unless they are
// acknowledged, or said to be in progress, within kAckWait; and CATCHMENT_BYTES, the latest bytes by name, kept a day.
// Bytes of any size are cut into messages that the server takes. One thread only.
// Everything throws std::system_error when the server cannot be reached or refuses.
class NatsLink {
 public:
  static constexpr int kAckWaitMs = 2000;

  explicit NatsLink(const std::string& url);  // nats://host:port
  ~NatsLink();
  NatsLink(const NatsLink&) = delete;
  NatsLink& operator=(const NatsLink&) = delete;

  // Names have parts divided by dots.
  void put(const std::string& name, std::string_view bytes);
  std::optional<std::string> get(const std::string& name);  // nothing unless all of it is there
  void drop(const std::string& name);                       // and all names that begin with its parts

  void add_shard(const std::string& batch, std::size_t number, std::string_view bytes);
  void drop_shards(const std::string& batch);  // those that nobody has finished

  // A shard as it was delivered to this connection alone.
  class Delivery {
   public:
    Delivery(void* message, std::string bytes, std::uint64_t deliveries);
    ~Delivery();
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    const std::string& bytes() const { return bytes_; }
    std::uint64_t deliveries() const { return deliveries_; }  // 1 the first time
    void in_progress();
    void finish();     // never to be delivered again
    void give_back();  // to be delivered again at once

   private:
    void* message_;
    std::string bytes_;
    std::uint64_t deliveries_;
  };
  std::unique_ptr<Delivery> next_shard(int wait_ms);

  // Words said to whoever listens now; they may be lost.
  struct Word {
    std::string subject, text;
  };
  void say(const std::string& subject, const std::string& text);
  void listen(const std::string& subject);  // "*" stands for one part; replaces what was listened to
  std::optional<Word> hear(int wait_ms);    // 0: what has come already

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace catchment::jobs
