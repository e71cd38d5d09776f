#include "server/mysql/testing/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace canvass::mysql::testing {
namespace {

constexpr int kPollMilliseconds = 20;
constexpr timeval kSendPatience = {.tv_sec = 10, .tv_usec = 0};

sockaddr_un UnixAddress(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  return address;
}

template <typename Address>
int Connect(int family, const Address& address) {
  const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return descriptor;
  close(descriptor);
  return -1;
}

// -1 if nobody listens there.
int ConnectTo(const std::string& server) {
  absl::string_view port_text = server;
  int port = 0;
  if (!absl::ConsumePrefix(&port_text, "127.0.0.1:")) return Connect(AF_UNIX, UnixAddress(server));
  if (!absl::SimpleAtoi(port_text, &port)) return -1;
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return Connect(AF_INET, address);
}

bool Readable(int descriptor, int milliseconds) {
  pollfd watched = {.fd = descriptor, .events = POLLIN, .revents = 0};
  return poll(&watched, 1, milliseconds) > 0;
}

void LimitSending(int descriptor) {
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &kSendPatience, sizeof(kSendPatience));
}

}  // namespace

bool Proxy::Wire::Send(Way way, absl::string_view bytes) {
  const int descriptor = way == Way::kToServer ? server_ : client_;
  while (!bytes.empty()) {
    const ssize_t written = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void Proxy::Wire::HangUpOnClient() { shutdown(client_, SHUT_RDWR); }

void Proxy::Wire::AwaitServer(absl::Duration patience) {
  Readable(server_, static_cast<int>(absl::ToInt64Milliseconds(patience)));
}

Proxy::Proxy(std::string server, std::function<Carrier()> make_carrier)
    : server_(std::move(server)), make_carrier_(std::move(make_carrier)) {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = UnixAddress(socket());
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener_, 64) != 0) {
    std::perror("proxy");
    std::exit(1);
  }
  acceptor_ = std::thread([this] { Accept(); });
}

Proxy::~Proxy() {
  ending_ = true;
  acceptor_.join();
  absl::MutexLock lock(&mutex_);
  for (std::thread& connection : connections_) connection.join();
  close(listener_);
}

void Proxy::Accept() {
  while (!ending_) {
    if (!Readable(listener_, kPollMilliseconds)) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (closed_) {
      close(client);
      continue;
    }
    absl::MutexLock lock(&mutex_);
    connections_.emplace_back([this, client, carrier = make_carrier_()] { Serve(client, carrier); });
  }
}

void Proxy::Serve(int client, const Carrier& carrier) {
  const int server = ConnectTo(server_);
  LimitSending(client);
  LimitSending(server);
  Wire wire(client, server);
  std::array<pollfd, 2> watched = {
      {{.fd = client, .events = POLLIN, .revents = 0}, {.fd = server, .events = POLLIN, .revents = 0}}};
  std::array<char, 65536> buffer;
  for (bool open = server >= 0; open && !ending_;) {
    if (poll(watched.data(), watched.size(), kPollMilliseconds) <= 0) continue;
    for (const pollfd& side : watched) {
      if (!open || side.revents == 0) continue;
      const ssize_t size = read(side.fd, buffer.data(), buffer.size());
      const Way way = side.fd == client ? Way::kToServer : Way::kToClient;
      open = size > 0 && carrier(wire, way, absl::string_view(buffer.data(), static_cast<std::size_t>(size)));
    }
  }
  shutdown(client, SHUT_RDWR);
  close(client);
  if (server >= 0) close(server);
}

}  // namespace canvass::mysql::testing
