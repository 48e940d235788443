// A bare socket, to say what no HTTP client would.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace catchment::test {

class RawClient {
 public:
  // receive_buffer: bytes the system may keep for us unread; 0: as it likes.
  explicit RawClient(std::uint16_t port, int receive_buffer = 0);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return socket_ >= 0; }
  bool send(std::string_view bytes);  // false if the peer is gone
  void finish_sending();
  // Reads until the peer closes or the time is over.
  std::string read_all(std::chrono::milliseconds limit = std::chrono::seconds(5));
  // Reads until the text holds `count` times `mark`.
  std::string read_until(std::string_view mark, int count = 1,
                         std::chrono::milliseconds limit = std::chrono::seconds(5));
  bool closed_within(std::chrono::milliseconds limit);

 private:
  int socket_ = -1;
};

}  // namespace catchment::test
