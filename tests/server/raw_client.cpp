#include "tests/server/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace catchment::test {
namespace {

using Clock = std::chrono::steady_clock;

int count_of(std::string_view text, std::string_view mark) {
  int count = 0;
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + mark.size())) ++count;
  return count;
}

// Bytes read, 0 at the end, -1 when the time is over.
long read_some(int socket, std::string& text, Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd waiting{socket, POLLIN, 0};
  if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) return -1;
  std::array<char, 16384> buffer{};
  const long n = ::recv(socket, buffer.data(), buffer.size(), 0);
  if (n <= 0) return 0;
  text.append(buffer.data(), static_cast<std::size_t>(n));
  return n;
}

}  // namespace

RawClient::RawClient(std::uint16_t port, int receive_buffer) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void RawClient::finish_sending() { ::shutdown(socket_, SHUT_WR); }

std::string RawClient::read_all(std::chrono::milliseconds limit) {
  std::string text;
  const auto deadline = Clock::now() + limit;
  while (read_some(socket_, text, deadline) > 0) {
  }
  return text;
}

std::string RawClient::read_until(std::string_view mark, int count, std::chrono::milliseconds limit) {
  std::string text;
  const auto deadline = Clock::now() + limit;
  while (count_of(text, mark) < count && read_some(socket_, text, deadline) > 0) {
  }
  return text;
}

bool RawClient::closed_within(std::chrono::milliseconds limit) {
  std::string text;
  const auto deadline = Clock::now() + limit;
  for (;;) {
    const long n = read_some(socket_, text, deadline);
    if (n <= 0) return n == 0;
  }
}

}  // namespace catchment::test
