#include "server/jobs/nats_queue.hpp"

#include <xxhash.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <random>
#include <set>
#include <system_error>

#include "server/jobs/byte_stream.hpp"

namespace catchment::jobs {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLookMs = 50;
constexpr auto kLostWords = std::chrono::seconds(2);  // of silence, after which results are looked for unasked
constexpr auto kSignOfLife = std::chrono::milliseconds(NatsLink::kAckWaitMs / 6);
constexpr const char* kOff = "catchment.off.";
constexpr const char* kEvent = "catchment.event.";

std::string hex(std::uint64_t high, std::uint64_t low) {
  char text[40];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(high),
                static_cast<unsigned long long>(low));
  return text;
}

std::string name_of_batch() {
  std::random_device random;  // a name, not a result
  const auto word = [&] { return (std::uint64_t{random()} << 32) | random(); };
  const std::uint64_t high = word();
  return hex(high, word());
}

std::string name_of_input(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return "input." + hex(hash.high64, hash.low64);
}

std::string name_of_result(const std::string& batch, std::size_t shard) {
  return "result." + batch + "." + std::to_string(shard);
}

// A shard as it travels.
struct Order {
  std::string kind, batch, input, shard;
  std::size_t number = 0;

  std::string write() const {
    ByteWriter out;
    for (const std::string* text : {&kind, &batch, &input, &shard}) out.text(*text);
    out.number(number);
    return out.take();
  }

  static Order read(std::string_view bytes) {
    ByteReader in(bytes);
    Order order;
    for (std::string* text : {&order.kind, &order.batch, &order.input, &order.shard}) *text = in.text();
    order.number = in.number();
    in.finish();
    return order;
  }
};

std::string write_outcome(bool done, std::string_view bytes) {
  ByteWriter out;
  out.number(done);
  out.text(bytes);
  return out.take();
}

class Submission {
 public:
  Submission(NatsLink& link, const Batch& batch) : link_(link), batch_(batch), share_(batch.shards.size(), 0) {
    result_.results.resize(batch.shards.size());
    done_.resize(batch.shards.size(), 0);
  }

  void send() {
    link_.listen(kEvent + name_);
    const std::string input = name_of_input(batch_.input);
    link_.put(input, batch_.input);
    for (std::size_t k = 0; k < batch_.shards.size(); ++k) {
      link_.add_shard(name_, k, Order{batch_.kind, name_, input, batch_.shards[k], k}.write());
    }
  }

  BatchResult wait(const std::function<bool(const BatchProgress&)>& progress) {
    auto heard = Clock::now();
    while (count_ < batch_.shards.size()) {
      if (!progress(state())) return {true, {}};
      const auto word = link_.hear(kLookMs);
      if (word) {
        heard = Clock::now();
        take(word->text);
      } else if (Clock::now() - heard > kLostWords) {
        heard = Clock::now();
        for (std::size_t k = 0; k < done_.size(); ++k) collect(k);
      }
    }
    progress(state());
    return std::move(result_);
  }

  // Shards nobody has begun are taken back, those under way told to end, results thrown away.
  void call_off() {
    link_.drop_shards(name_);
    link_.say(kOff + name_, "");
    link_.drop("result." + name_);
  }

  void tidy() { link_.drop("result." + name_); }

 private:
  BatchProgress state() const {
    BatchProgress at{count_, batch_.shards.size(), 0};
    for (const double s : share_) at.share += s / static_cast<double>(share_.size());
    return at;
  }

  void take(const std::string& text) {
    try {
      ByteReader in(text);
      const std::size_t shard = in.number(batch_.shards.size() - 1);
      const double share = in.real();
      if (done_[shard] != 0) return;
      share_[shard] = std::clamp(share, 0.0, 1.0);
      if (in.yes()) collect(shard);
    } catch (const InputError&) {  // not of ours; it is only a word
    }
  }

  void collect(std::size_t shard) {
    if (done_[shard] != 0) return;
    const auto bytes = link_.get(name_of_result(name_, shard));
    if (!bytes) return;
    ByteReader in(*bytes);
    const bool good = in.yes();
    std::string text = in.text();
    if (!good) throw ShardFailure(shard, text);
    result_.results[shard] = std::move(text);
    share_[shard] = 1;
    done_[shard] = 1;
    ++count_;
  }

  NatsLink& link_;
  const Batch& batch_;
  const std::string name_ = name_of_batch();
  std::vector<double> share_;
  std::vector<char> done_;
  std::size_t count_ = 0;
  BatchResult result_;
};

class Worker {
 public:
  Worker(const std::string& url, const Handlers& handlers, const std::function<bool()>& stop)
      : link_(url), handlers_(handlers), stop_(stop) {
    link_.listen(std::string(kOff) + "*");
  }

  std::uint64_t serve() {
    while (!stop_()) {
      const auto delivery = link_.next_shard(5 * kLookMs);
      if (delivery) take(*delivery);
    }
    return count_;
  }

 private:
  void take(NatsLink::Delivery& delivery) {
    Order order;
    try {
      order = Order::read(delivery.bytes());
    } catch (const InputError&) {
      delivery.finish();  // nobody's: there is no one to tell
      return;
    }
    hear_off();
    if (off_.contains(order.batch)) return delivery.finish();
    if (delivery.deliveries() > kMostDeliveries) {
      return give_up(delivery, order, std::to_string(kMostDeliveries) + " workers in turn fell silent over it");
    }
    try {
      work(delivery, order);
    } catch (const std::system_error&) {
      throw;  // the server is lost
    } catch (const std::exception& error) {
      if (delivery.deliveries() < kMostDeliveries) return delivery.give_back();
      give_up(delivery, order, error.what());
    }
  }

  void work(NatsLink::Delivery& delivery, const Order& order) {
    const auto handler = handlers_.find(order.kind);
    if (handler == handlers_.end()) throw InputError("job_kind", "", "no worker does jobs of kind " + order.kind);
    if (order.input != input_name_) {
      auto bytes = link_.get(order.input);
      if (!bytes) throw InputError("job_input", "", "its input is not there any more");
      input_ = std::move(*bytes);
      input_name_ = order.input;
    }
    bool unwanted = false;
    auto told = Clock::now() - kSignOfLife;
    const auto alive = [&](double share) {
      if (unwanted || Clock::now() - told < kSignOfLife) return !unwanted;
      told = Clock::now();
      delivery.in_progress();
      tell(order, share, false);
      hear_off();
      unwanted = stop_() || off_.contains(order.batch);
      return !unwanted;
    };
    const std::string result = handler->second(input_, order.shard, alive);
    if (unwanted) return off_.contains(order.batch) ? delivery.finish() : delivery.give_back();
    delivery.in_progress();
    link_.put(name_of_result(order.batch, order.number), write_outcome(true, result));
    delivery.finish();
    tell(order, 1, true);
    ++count_;
  }

  void give_up(NatsLink::Delivery& delivery, const Order& order, const std::string& why) {
    link_.put(name_of_result(order.batch, order.number), write_outcome(false, why));
    delivery.finish();
    tell(order, 1, true);
  }

  void tell(const Order& order, double share, bool done) {
    ByteWriter out;
    out.number(order.number);
    out.real(share);
    out.number(done);
    link_.say(kEvent + order.batch, out.take());
  }

  void hear_off() {
    while (const auto word = link_.hear(0)) off_.insert(word->subject.substr(std::string_view(kOff).size()));
  }

  NatsLink link_;
  const Handlers& handlers_;
  const std::function<bool()>& stop_;
  std::set<std::string> off_;
  std::string input_name_, input_;
  std::uint64_t count_ = 0;
};

}  // namespace

BatchResult NatsQueue::run(const Batch& batch, const std::function<bool(const BatchProgress&)>& progress) {
  Submission submission(link_, batch);
  BatchResult result;
  try {
    submission.send();
    result = submission.wait(progress);
  } catch (const ShardFailure&) {
    submission.call_off();
    throw;
  }
  if (result.cancelled) {
    submission.call_off();
  } else {
    submission.tidy();
  }
  return result;
}

std::uint64_t serve_shards(const std::string& url, const Handlers& handlers, const std::function<bool()>& stop) {
  return Worker(url, handlers, stop).serve();
}

}  // namespace catchment::jobs
