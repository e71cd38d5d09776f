#include "server/distribution/testing/tcp_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace canvass::distribution::testing {
namespace {

constexpr int kPollMillis = 20;

bool IsReadable(int fd) {
  pollfd poll_fd{.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&poll_fd, 1, kPollMillis) > 0;
}

bool SendAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// True once `request` holds its headers and as much of a body as they say.
bool IsWhole(const std::string& request) {
  const std::size_t end = request.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  std::size_t length = 0;
  const std::size_t header = request.find("Content-Length: ");
  if (header != std::string::npos && header < end) {
    const std::size_t start = header + sizeof("Content-Length: ") - 1;
    if (!absl::SimpleAtoi(request.substr(start, request.find('\r', start) - start), &length)) return true;
  }
  return request.size() >= end + 4 + length;
}

}  // namespace

TcpServer::TcpServer(std::function<Answer(const std::string&)> answer) : answer_(std::move(answer)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  listen(listener_, 64);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  accepter_ = std::thread([this] { Listen(); });
}

TcpServer::~TcpServer() {
  stopping_ = true;
  accepter_.join();
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
  close(listener_);
}

std::string TcpServer::url(absl::string_view path) const { return absl::StrCat("http://127.0.0.1:", port_, path); }

std::vector<std::string> TcpServer::requests() const {
  absl::MutexLock lock(&mutex_);
  return requests_;
}

void TcpServer::Listen() {
  while (!stopping_) {
    if (!IsReadable(listener_)) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    absl::MutexLock lock(&mutex_);
    threads_.emplace_back([this, connection] { Serve(connection); });
  }
}

void TcpServer::Serve(int connection) {
  std::string request;
  char buffer[4096];
  while (!stopping_ && !IsWhole(request)) {
    if (!IsReadable(connection)) continue;
    const ssize_t count = recv(connection, buffer, sizeof(buffer), 0);
    if (count <= 0) break;
    request.append(buffer, static_cast<std::size_t>(count));
  }
  {
    absl::MutexLock lock(&mutex_);
    requests_.push_back(request);
  }
  const Answer answer = answer_(request);
  bool open = SendAll(connection, answer.bytes);
  while (open && !stopping_ && answer.then != Then::kClose) {
    if (answer.then == Then::kEndless) {
      open = SendAll(connection, std::string(sizeof(buffer), 'x'));
    } else if (IsReadable(connection)) {
      open = recv(connection, buffer, sizeof(buffer), 0) > 0;
    }
  }
  close(connection);
}

std::string HttpAnswer(int status, absl::string_view headers, absl::string_view body) {
  return absl::StrCat("HTTP/1.1 ", status, " Test\r\n", headers, "Content-Length: ", body.size(), "\r\n\r\n", body);
}

}  // namespace canvass::distribution::testing
