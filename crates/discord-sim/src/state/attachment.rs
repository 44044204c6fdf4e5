//! Files of messages: kept, and told as attachments.

use twilight_model::channel::Attachment;
use twilight_model::id::Id;
use twilight_model::id::marker::ChannelMarker;

use super::World;
use super::draft::Upload;

impl World {
    /// Keeps files under addresses of their own.
    pub(super) fn store_uploads(
        &mut self,
        channel: Id<ChannelMarker>,
        uploads: &[Upload],
    ) -> Vec<Attachment> {
        let mut attachments = Vec::new();
        for upload in uploads {
            let id = self.next_id();
            let path = format!("/attachments/{channel}/{id}/{}", upload.filename);
            let size = crate::rest::files::picture_size(&upload.bytes);
            attachments.push(Attachment {
                content_type: upload.content_type.clone(),
                ephemeral: false,
                duration_secs: None,
                filename: upload.filename.clone(),
                flags: None,
                description: upload.description.clone(),
                height: size.map(|(_, height)| height),
                id,
                proxy_url: format!("{}{path}", self.files_at),
                size: upload.bytes.len() as u64,
                title: None,
                url: format!("{}{path}", self.files_at),
                waveform: None,
                width: size.map(|(width, _)| width),
            });
            self.files.insert(path, upload.clone());
        }
        attachments
    }
}
