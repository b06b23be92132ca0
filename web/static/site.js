// Buttons that open the chat. Without JavaScript they are links to the chat's own page.
for (const link of document.querySelectorAll("[data-open-guide]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("pulje-guide").open();
  });
}
