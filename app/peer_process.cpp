#include "app/peer_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace moescope {

PeerProcess::PeerProcess(const std::vector<std::string>& command) {
  std::array<int, 2> in{}, out{};
  if (pipe(in.data()) != 0 || pipe(out.data()) != 0) throw std::runtime_error("no pipe to the peer could be made");
  child_ = fork();
  if (child_ < 0) throw std::runtime_error("the peer could not be started");
  if (child_ == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    for (const int end : {in[0], in[1], out[0], out[1]}) close(end);
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execvp(words[0], words.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  send_ = fdopen(in[1], "w");
  receive_ = fdopen(out[0], "r");
}

PeerProcess::~PeerProcess() {
  std::fclose(send_);
  std::fclose(receive_);
  waitpid(child_, nullptr, 0);
}

std::string PeerProcess::line() {
  std::array<char, 256> buffer{};
  if (!std::fgets(buffer.data(), buffer.size(), receive_))
    throw std::runtime_error(
        "the peer stopped before it answered; its own message is above (./run bench-peers installs what it needs)");
  return buffer.data();
}

double PeerProcess::measure() {
  std::fputs("step\n", send_);
  std::fflush(send_);
  return std::strtod(line().c_str(), nullptr);
}

}  // namespace moescope
