"""Pages in the layouts of real Arabic sites, written for this project, each with its gold."""
