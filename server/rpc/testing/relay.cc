#include "server/rpc/testing/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace canvass::rpc::testing {
namespace {

constexpr int kPollMilliseconds = 20;

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Moves what is there; false at the end of the stream.
bool Forward(int from, int to) {
  std::array<char, 65536> buffer;
  const ssize_t size = read(from, buffer.data(), buffer.size());
  for (ssize_t sent = 0; sent < size;) {
    const ssize_t written = send(to, buffer.data() + sent, static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
    if (written <= 0) return false;
    sent += written;
  }
  return size > 0;
}

}  // namespace

Relay::Relay(int server_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 1) != 0 || getsockname(listener_, generic, &size) != 0) {
    std::perror("relay");
    std::exit(1);
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this, server_port] { Serve(server_port); });
}

Relay::~Relay() {
  ending_ = true;
  thread_.join();
  close(listener_);
}

std::shared_ptr<grpc::Channel> Relay::channel() const {
  return grpc::CreateChannel(absl::StrCat("127.0.0.1:", port_), grpc::InsecureChannelCredentials());
}

void Relay::Serve(int server_port) {
  pollfd watched = {.fd = listener_, .events = POLLIN, .revents = 0};
  while (poll(&watched, 1, kPollMilliseconds) <= 0) {
    if (ending_) return;
  }
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(server_port);
  if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) Carry(client, server);
  close(client);
  close(server);
}

void Relay::Carry(int client, int server) {
  std::array<pollfd, 2> watched = {
      {{.fd = client, .events = POLLIN, .revents = 0}, {.fd = server, .events = POLLIN, .revents = 0}}};
  while (!ending_ && state_ != State::kCut) {
    if (state_ == State::kSilent) {
      poll(nullptr, 0, kPollMilliseconds);
      continue;
    }
    if (poll(watched.data(), watched.size(), kPollMilliseconds) <= 0) continue;
    if (watched[0].revents != 0 && !Forward(client, server)) return;
    if (watched[1].revents != 0 && !Forward(server, client)) return;
  }
}

}  // namespace canvass::rpc::testing
